import { isUtf8 } from 'node:buffer';
import type { Duplex } from 'node:stream';
import type { PerMessageDeflate } from '../compression/index.js';
import { CloseCode } from '../protocol/close-code.js';
import { FrameReader, type FrameHandler } from '../protocol/frame-reader.js';
import { invalidUtf8 } from '../protocol/message-assembly.js';
import { ProtocolError } from '../protocol/protocol-error.js';
import type { ConnectionOptions } from './connection-options.js';
import { Inbox } from './inbox.js';
import type { WebSocketMessage } from './web-socket-message.js';

/** Why reading stands still; bits, for there can be several reasons at once. */
export const Hold = {
  /** Messages wait and nobody takes them. */
  Inbox: 1,
  /** The peer does not read what it is sent. */
  Output: 2,
  /** Too many promises of handlers are unsettled. */
  Handlers: 4,
  /** A compressed message is being inflated, and nothing may overtake it. */
  Inflating: 8,
} as const;

const CONTROL_FRAMES_WINDOW_MS = 1000;

/** What the receiving half needs of its connection. */
export interface InboundOwner {
  /** A message came, whether or not anybody takes it. */
  onMessageReceived(): void;
  /** Calls user code; never throws. */
  handle(data: Buffer, isBinary: boolean): void;
  onPing(payload: Buffer): void;
  onPong(payload: Buffer): void;
  /** The peer's Close frame; `answerClose` follows when the messages before it were taken. */
  onClose(code: number, reason: string): void;
  answerClose(): void;
  /** The bytes broke a rule, as `FrameReader.push` threw it. */
  onViolation(error: unknown): void;
  /** All bytes that came were read, and the peer ended its side of the stream. */
  onEnd(): void;
  /** Sends what user code left to send. */
  flush(): void;
}

/** The receiving half of a connection: bytes to messages, and the peer held back in time. */
export class Inbound implements FrameHandler {
  /** Whether user code runs on a message right now, so that what it sends is a reply. */
  isDispatching = false;

  private hasHandler = false;
  private isTaking = false;
  private isCloseWaiting = false;
  private holds = 0;
  private isProceeding = false;
  private isEnded = false;
  private isDiscarding = false;
  private controlFrames = 0;
  private countedSince = 0;
  private inbox: Inbox | undefined;
  private takers: ((message: WebSocketMessage | undefined) => void)[] | undefined;
  private readonly reader: FrameReader;

  /** @param codec if permessage-deflate was agreed on */
  constructor(
    private readonly stream: Duplex,
    private readonly owner: InboundOwner,
    private readonly options: ConnectionOptions,
    private readonly codec: PerMessageDeflate | undefined,
  ) {
    this.reader = new FrameReader(this, {
      maxMessageSize: options.maxMessageSize,
      maxFragments: options.maxFragments,
      acceptsCompressed: codec !== undefined,
    });
  }

  get isHeld(): boolean {
    return this.holds !== 0;
  }

  /** Bytes that came but were not read because of a hold. */
  get unread(): number {
    return this.reader.waiting;
  }

  /** From now on `owner.handle` gets every message, those that wait first. */
  startHandling(): void {
    this.hasHandler = true;
    this.proceed();
  }

  /** The next message; `undefined` when no more will come. */
  take(): Promise<WebSocketMessage | undefined> | WebSocketMessage | undefined {
    if (this.hasHandler) throw new Error('The messages already go to a handler');
    this.isTaking = true;
    const message = this.inbox?.take();
    if (message !== undefined) {
      if (this.inbox!.hasRoom) this.release(Hold.Inbox);
      return message;
    }
    this.answerClose();
    if (this.isDiscarding) return undefined;
    return new Promise((resolve) => (this.takers ??= []).push(resolve));
  }

  push(chunk: Buffer): void {
    this.read(chunk);
    if (this.holds !== 0) this.stream.pause();
    this.proceed();
  }

  /** The peer ended its side; what waits behind a hold is read before that counts. */
  end(): void {
    this.isEnded = true;
    this.proceed();
  }

  hold(reason: number): void {
    if (this.isDiscarding) return;
    if (this.holds === 0) {
      this.reader.pause();
      this.stream.pause();
    }
    this.holds |= reason;
  }

  release(reason: number): void {
    if ((this.holds & reason) === 0) return;
    this.holds &= ~reason;
    this.proceed();
  }

  /** No more messages: those that wait are given up if `dropWaiting`, later ones always. */
  discard(dropWaiting: boolean): void {
    this.isDiscarding = true;
    if (dropWaiting) this.inbox?.clear();
    if (this.inbox === undefined || this.inbox.isEmpty) this.finishTakers();
    this.release(Hold.Inbox | Hold.Handlers);
  }

  /** No more bytes either. */
  stop(): void {
    this.reader.end();
    this.discard(false);
    this.holds = 0;
  }

  onMessage(data: Buffer, isBinary: boolean, isCompressed: boolean): void {
    this.controlFrames = 0;
    this.owner.onMessageReceived();
    if (this.isDiscarding) return;
    if (isCompressed) this.inflate(data, isBinary);
    else this.deliver(data, isBinary);
  }

  onPing(payload: Buffer): void {
    this.countControlFrame();
    this.owner.onPing(payload);
  }

  onPong(payload: Buffer): void {
    this.countControlFrame();
    this.owner.onPong(payload);
  }

  /** Waits behind the messages that came before, and the work on the last of them. */
  onClose(code: number, reason: string): void {
    this.isCloseWaiting = true;
    this.owner.onClose(code, reason);
    if (this.isDiscarding || !this.hasUntaken) this.answerClose();
  }

  /** Answers a Close frame that waits, whether or not the messages before it were taken. */
  answerClose(): void {
    if (!this.isCloseWaiting) return;
    this.isCloseWaiting = false;
    this.discard(false);
    this.owner.answerClose();
  }

  /** Whether messages wait, or whoever takes them has not come back for the next one. */
  private get hasUntaken(): boolean {
    if (this.inbox !== undefined && !this.inbox.isEmpty) return true;
    return this.isTaking && (this.takers === undefined || this.takers.length === 0);
  }

  private deliver(data: Buffer, isBinary: boolean): void {
    if (this.hasHandler && (this.inbox === undefined || this.inbox.isEmpty)) {
      this.owner.handle(data, isBinary);
      return;
    }
    const inbox = (this.inbox ??= new Inbox());
    inbox.add(data, isBinary);
    const taker = this.takers?.shift();
    if (taker !== undefined) taker(inbox.take());
    else if (inbox.isFull) this.hold(Hold.Inbox);
  }

  private inflate(payload: Buffer, isBinary: boolean): void {
    this.hold(Hold.Inflating);
    this.codec!.inflate(payload, (error, data) => {
      this.isDispatching = true;
      if (error !== null) this.owner.onViolation(error);
      else if (!isBinary && !isUtf8(data)) this.owner.onViolation(invalidUtf8());
      else if (!this.isDiscarding) this.deliver(data, isBinary);
      this.isDispatching = false;
      this.owner.flush();
      this.release(Hold.Inflating);
    });
  }

  /** @throws ProtocolError 1008 if the peer sends hardly anything but Pings and Pongs */
  private countControlFrame(): void {
    const now = performance.now();
    if (this.controlFrames === 0 || now - this.countedSince >= CONTROL_FRAMES_WINDOW_MS) {
      this.countedSince = now;
      this.controlFrames = 0;
    }
    if (++this.controlFrames > this.options.maxControlFrames) {
      throw new ProtocolError(CloseCode.PolicyViolation, 'Too many control frames');
    }
  }

  /** Reads a chunk, or goes on with what waits, and sends what came of it. */
  private read(chunk?: Buffer): void {
    this.isDispatching = true;
    try {
      if (chunk !== undefined) this.reader.push(chunk);
      else this.reader.resume();
    } catch (error) {
      this.owner.onViolation(error);
    }
    this.isDispatching = false;
    this.owner.flush();
  }

  /** Goes on as far as nothing holds it back: messages that wait, bytes that wait, the stream. */
  private proceed(): void {
    if (this.isProceeding || this.isDispatching) return;
    this.isProceeding = true;
    do {
      if (this.hasHandler && this.inbox !== undefined) this.handOut(this.inbox);
      if (this.holds === 0 && this.reader.isHeld) this.read();
    } while (this.holds === 0 && this.reader.isHeld);
    this.isProceeding = false;
    if (this.holds !== 0) return;
    if (this.isEnded && !this.isCloseWaiting) this.owner.onEnd();
    if (!this.isEnded && this.stream.isPaused()) this.stream.resume();
  }

  private handOut(inbox: Inbox): void {
    if (inbox.isEmpty) return;
    this.isDispatching = true;
    while ((this.holds & ~Hold.Inbox) === 0) {
      const message = inbox.take();
      if (message === undefined) break;
      this.owner.handle(message.data, message.isBinary);
    }
    this.isDispatching = false;
    this.owner.flush();
    if (!inbox.isEmpty) return;
    this.holds &= ~Hold.Inbox;
    this.answerClose();
  }

  private finishTakers(): void {
    for (const taker of this.takers ?? []) taker(undefined);
    this.takers = undefined;
  }
}
