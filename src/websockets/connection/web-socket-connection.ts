import type { Transport } from '../../server/index.js';
import { type NegotiatedDeflate, PerMessageDeflate } from '../compression/index.js';
import { assertCloseCode, CloseCode, encodeClose } from '../protocol/close-code.js';
import { Opcode } from '../protocol/opcode.js';
import { ProtocolError } from '../protocol/protocol-error.js';
import { type CloseOutcome, CloseRecord } from './close-outcome.js';
import type { Endpoint } from './endpoint.js';
import { Hold, Inbound, type InboundOwner } from './inbound.js';
import { Liveness, type LivenessTarget } from './liveness.js';
import type { MessageHandler } from './message-handler.js';
import { Outbound, type OutboundOwner } from './outbound.js';
import { PendingHandlers } from './pending-handlers.js';
import type { SendOptions } from './send-options.js';
import { bindStream, type ConnectionStream, type StreamTarget } from './stream-events.js';
import { isThenable } from './thenable.js';
import type { WebSocketMessage } from './web-socket-message.js';

/** Bytes that probing a connection nobody reads from may add to what waits. */
const MAX_UNREAD_BYTES = 256 * 1024;

/** How long after the closing handshake the peer may take to end its side of the stream. */
const LINGER_MS = 500;

/** The same for a peer that may still be sending: ended too early, it would see a reset. */
const VIOLATION_LINGER_MS = 2000;

const NO_BYTES = Buffer.alloc(0);

/**
 * One open WebSocket, the same on HTTP/1.1 and HTTP/2.
 *
 * Messages go to a handler (`onMessage`) or wait to be taken (`receive`, `for await`); either way
 * reading stops when they are not taken, and when the peer does not read what it is sent.
 */
export class WebSocketConnection
  implements InboundOwner, LivenessTarget, OutboundOwner, StreamTarget
{
  /** Whatever the application keeps with this connection. */
  data: unknown;

  private isClosing = false;
  private isEnding = false;
  private isEndPending = false;
  private isStalled = false;
  private hasFailed = false;
  private pending: PendingHandlers | undefined;
  private handler: MessageHandler | undefined;
  private closeWaiters: ((outcome: CloseOutcome) => void)[] | undefined;
  private aborter: AbortController | undefined;
  private outcome: CloseOutcome | undefined;

  private readonly closing = new CloseRecord();
  private readonly stream: ConnectionStream;
  private readonly inbound: Inbound;
  private readonly outbound: Outbound;
  private readonly codec: PerMessageDeflate | undefined;
  private readonly liveness: Liveness;

  constructor(
    private readonly transport: Transport,
    private readonly endpoint: Endpoint,
    /** Unique in this process and, by chance, beyond; the log names it. */
    readonly id: string,
    readonly httpVersion: '1.1' | '2.0',
    /** The subprotocol that was agreed on, or ''. */
    readonly subprotocol: string,
    deflate?: NegotiatedDeflate,
  ) {
    this.stream = transport.stream as ConnectionStream;
    if (deflate !== undefined) {
      this.codec = new PerMessageDeflate(deflate, endpoint.options.maxMessageSize);
    }
    this.outbound = new Outbound(this.stream, this, endpoint.options, this.codec);
    this.inbound = new Inbound(this.stream, this, endpoint.options, this.codec);
    this.liveness = new Liveness(endpoint.wheel, this, endpoint.options);
    bindStream(this.stream, this);
    endpoint.onOpened(this);
  }

  /** The path of the gateway or route as it was declared. */
  get path(): string {
    return this.endpoint.name;
  }

  /** As in browsers: 1 open, 2 closing, 3 closed; Nest's exception filters look at it. */
  get readyState(): 1 | 2 | 3 {
    return this.outcome !== undefined ? 3 : this.isClosing ? 2 : 1;
  }

  /** Whether messages can be sent: no Close frame was sent or received. */
  get isOpen(): boolean {
    return !this.isClosing;
  }

  /** Bytes that wait to be sent. */
  get bufferedAmount(): number {
    return this.outbound.waiting;
  }

  /** Whether permessage-deflate was agreed on. */
  get isCompressed(): boolean {
    return this.codec !== undefined;
  }

  /** Resolves once, when the connection has ended; never rejects. */
  get closed(): Promise<CloseOutcome> {
    if (this.outcome !== undefined) return Promise.resolve(this.outcome);
    return new Promise((resolve) => (this.closeWaiters ??= []).push(resolve));
  }

  /** Aborts when the connection has ended, with the outcome as its reason. */
  get signal(): AbortSignal {
    this.aborter ??= new AbortController();
    if (this.outcome !== undefined) this.aborter.abort(this.outcome);
    return this.aborter.signal;
  }

  /**
   * Sends a message. A `Uint8Array` above 16 KiB is not copied: do not change it afterwards.
   *
   * While more than `maxBuffered` bytes wait, a send outside of a message handler is not done: it
   * closes the connection with 1013 or drops the message, as `slowConsumer` says.
   *
   * @param options whether it is binary (a string is text and bytes are binary otherwise), or more
   * @returns whether more can be sent now; if not, wait for `drained()`
   */
  send(data: string | Uint8Array, options?: boolean | SendOptions): boolean {
    if (this.isClosing) return false;
    if (!this.inbound.isDispatching && this.outbound.isOverMark) return this.refuseSlow();
    let isBinary = typeof data !== 'string';
    let compress: boolean | undefined;
    if (typeof options === 'boolean') {
      isBinary = options;
    } else if (options !== undefined) {
      isBinary = options.isBinary ?? isBinary;
      compress = options.compress;
    }
    const opcode = isBinary ? Opcode.Binary : Opcode.Text;
    this.outbound.message(opcode, data, compress);
    return !this.outbound.isOverMark;
  }

  /** Sends a Ping (RFC 6455, section 5.5.2) of at most 125 bytes. */
  ping(payload: Uint8Array = NO_BYTES): void {
    if (payload.length > 125) throw new RangeError('A Ping is at most 125 bytes long');
    if (!this.isClosing) this.outbound.control(Opcode.Ping, payload);
  }

  /** Resolves when what waited was sent, or the connection ended. */
  drained(): Promise<void> {
    return this.outbound.drained();
  }

  /** Gives every message to `handler` from now on, those that wait first. */
  onMessage(handler: MessageHandler): void {
    this.handler = handler;
    this.inbound.startHandling();
  }

  /** The next message, or `undefined` when no more will come; holds the peer back meanwhile. */
  async receive(): Promise<WebSocketMessage | undefined> {
    await this.drained();
    return this.inbound.take();
  }

  /** `for await (const message of connection)`; ends with the connection. */
  [Symbol.asyncIterator](): AsyncIterator<WebSocketMessage> {
    return {
      next: async () => {
        const value = await this.receive();
        return value === undefined ? { value, done: true } : { value };
      },
    };
  }

  /**
   * Starts the closing handshake: what was sent before goes first, messages that come later are
   * dropped. Does nothing if the connection is closing already.
   *
   * @param reason cut at 123 bytes of UTF-8
   * @throws RangeError if the code must not be sent
   */
  close(code: number = CloseCode.Normal, reason = ''): void {
    assertCloseCode(code);
    if (this.isClosing) return;
    this.closing.begin('server');
    this.sendClose(code, reason);
    this.inbound.discard(true);
    this.liveness.startClosing();
    if (this.closing.received !== undefined) this.endTransport();
  }

  /** Ends the connection at once, without a Close frame; the peer sees 1006. */
  terminate(): void {
    if (this.outcome !== undefined) return;
    this.closing.begin('server');
    this.isClosing = true;
    this.outbound.discard();
    this.inbound.stop();
    this.codec?.close();
    this.transport.abort();
  }

  /** @internal closes with 1011 because user code threw or rejected */
  fail(error: unknown): void {
    if (!this.hasFailed) this.endpoint.onFailure(this, error);
    this.hasFailed = true;
    this.close(CloseCode.InternalError, 'Internal error');
  }

  /** @internal */
  flush(): void {
    this.outbound.flush();
  }

  /** @internal */
  get isDispatching(): boolean {
    return this.inbound.isDispatching;
  }

  /** @internal */
  onMessageReceived(): void {
    this.liveness.lastMessage = this.liveness.lastRead;
  }

  /** @internal */
  handle(data: Buffer, isBinary: boolean): void {
    try {
      const result = this.handler!(this, data, isBinary);
      if (isThenable(result)) this.followHandler(result);
    } catch (error) {
      this.fail(error);
    }
  }

  /** @internal */
  onPing(payload: Buffer): void {
    if (!this.isClosing) this.outbound.control(Opcode.Pong, payload);
  }

  /** @internal its bytes already counted as life */
  onPong(): void {}

  /** @internal */
  onClose(code: number, reason: string): void {
    this.closing.received = { code, reason };
    this.closing.begin('peer');
    this.liveness.startClosing();
  }

  /** @internal */
  answerClose(): void {
    const { sent, received } = this.closing;
    if (sent === undefined && received !== undefined) {
      const isEmpty = received.code === CloseCode.NoStatus;
      this.sendClose(isEmpty ? CloseCode.Normal : received.code, received.reason);
    }
    this.endTransport();
  }

  /** @internal the peer broke a rule: it is told which one and read no more (RFC 6455, 7.1.7) */
  onViolation(error: unknown): void {
    this.inbound.stop();
    if (!(error instanceof ProtocolError)) {
      this.fail(error);
    } else if (this.closing.sent === undefined) {
      this.closing.begin('server');
      this.sendClose(error.closeCode, error.message);
    }
    this.endTransport();
  }

  /** @internal */
  onEnd(): void {
    this.endTransport();
  }

  /** @internal */
  probe(): void {
    this.ping();
    if (!this.inbound.isHeld) return;
    if (this.inbound.unread < MAX_UNREAD_BYTES) this.stream.resume();
    else this.liveness.lastRead = performance.now();
  }

  /** @internal */
  onSilent(): void {
    this.terminate();
  }

  /** @internal */
  onIdle(): void {
    this.close(CloseCode.GoingAway, 'Idle timeout');
  }

  /** @internal */
  onCloseTimeout(): void {
    // Messages that nobody takes hold the peer's Close frame back no longer.
    if (this.isClosing) this.terminate();
    else this.inbound.answerClose();
  }

  /** @internal */
  onChunk(chunk: Buffer): void {
    this.liveness.lastRead = performance.now();
    this.inbound.push(chunk);
  }

  /** @internal */
  onStreamEnd(): void {
    this.inbound.end();
  }

  /** @internal */
  onStreamClose(): void {
    if (this.outcome !== undefined) return;
    this.isClosing = true;
    this.outcome = this.closing.outcome();
    this.liveness.stop();
    this.inbound.stop();
    this.codec?.close();
    this.outbound.discard();
    this.endpoint.onClosed(this, this.outcome);
    this.aborter?.abort(this.outcome);
    for (const resolve of this.closeWaiters ?? []) resolve(this.outcome);
    this.closeWaiters = undefined;
  }

  /** @internal */
  onCompressed(): void {
    if (this.isEndPending) this.endTransport();
  }

  /** @internal */
  onCompressionError(error: Error): void {
    this.endpoint.onFailure(this, error);
    this.terminate();
  }

  /** @internal stops reading while too much waits to be sent, until all of it is gone */
  onPressure(isHigh: boolean): void {
    if (this.isEnding) return;
    if (isHigh) this.inbound.hold(Hold.Output);
    this.watchProgress(isHigh);
    if (!isHigh) this.inbound.release(Hold.Output);
  }

  /** @internal */
  onDrained(): void {
    this.outbound.watch();
  }

  private refuseSlow(): false {
    if (this.endpoint.options.slowConsumer === 'close') {
      this.close(CloseCode.TryAgainLater, 'Slow consumer');
    }
    return false;
  }

  /** While we do not read, the peer's silence says nothing: it has to take what it is sent. */
  private watchProgress(isStalled: boolean): void {
    const { keepAliveInterval, keepAliveTimeout } = this.endpoint.options;
    if (this.isStalled === isStalled || keepAliveInterval === 0 || keepAliveTimeout === 0) return;
    this.isStalled = isStalled;
    this.liveness.suspend(isStalled);
    this.stream.setTimeout(isStalled ? keepAliveInterval + keepAliveTimeout : 0);
  }

  private followHandler(result: PromiseLike<unknown>): void {
    this.pending ??= new PendingHandlers(this.inbound, (reason) => this.fail(reason));
    this.pending.add(result);
  }

  private sendClose(code: number, reason: string): void {
    const payload = encodeClose(code, reason);
    this.closing.sent = { code, reason: payload.toString('utf8', 2) };
    this.isClosing = true;
    this.outbound.close(payload);
  }

  private endTransport(): void {
    if (this.isEnding) return;
    this.isClosing = true;
    this.closing.begin('peer');
    this.liveness.startClosing();
    this.isEndPending = this.outbound.isCompressing;
    if (this.isEndPending) return;
    this.isEnding = true;
    this.inbound.stop();
    this.outbound.flush();
    const isPeerDone = this.closing.received !== undefined;
    this.transport.end(isPeerDone ? LINGER_MS : VIOLATION_LINGER_MS);
  }
}
