import { within } from '../deadline.js';
import { Inbox } from '../inbox.js';
import { closePayload, encodeFrame, type OutgoingFrame } from './encode-frame.js';
import { FrameParser, parseCloseStatus } from './frame-parser.js';
import { type CloseStatus, type Frame, isControl, type Message, Opcode } from './frame.js';
import type { AcceptedHandshake } from './handshake.js';
import { MessageAssembler } from './message-assembler.js';
import type { SocketEnd, Wire } from './wire.js';

/** The socket ended while the test waited for something else. */
export class SocketEnded extends Error {
  override readonly name = 'SocketEnded';
}

/**
 * A WebSocket on the level of frames. It checks all that the server sends and does nothing by
 * itself but answer pings: a Close frame is answered when the test says so.
 */
export class RawSocket {
  /** Payloads of all pings and pongs so far; they come from `next()` as well. */
  readonly pings: Buffer[] = [];
  readonly pongs: Buffer[] = [];
  readonly #parser: FrameParser;
  readonly #assembler = new MessageAssembler();
  readonly #frames = new Inbox<Frame>();
  readonly #pingInbox = new Inbox<Buffer>();
  readonly #pongInbox = new Inbox<Buffer>();
  readonly #closeInbox = new Inbox<CloseStatus>();
  #violation: Error | undefined;
  #lastWrite: Promise<Error | null | undefined | void> = Promise.resolve();

  constructor(
    readonly wire: Wire,
    /** The server's answer to the handshake. */
    readonly handshake: AcceptedHandshake,
    private readonly options: { readonly autoPong?: boolean },
  ) {
    const compression = /\bpermessage-deflate\b/.test(handshake.extensions ?? '');
    this.#parser = new FrameParser({ compression });
    wire.stream.on('data', (chunk: Buffer) => this.#receive(chunk)).resume();
    void wire.ended.then((end) => this.#failWaits(new SocketEnded(this.#describe(end))));
  }

  get subprotocol(): string | undefined {
    return this.handshake.subprotocol;
  }

  /** Bytes written that have not left this process, because the server does not read. */
  get unsent(): number {
    return this.wire.stream.writableLength;
  }

  /** Sends a message in one frame. False: the server does not keep up, see `drained()`. */
  send(data: string | Uint8Array): boolean {
    const opcode = typeof data === 'string' ? Opcode.Text : Opcode.Binary;
    return this.sendFrame({ opcode, payload: data });
  }

  /** Sends one frame, right or wrong. */
  sendFrame(frame: OutgoingFrame): boolean {
    return this.sendBytes(encodeFrame(frame));
  }

  /** Sends bytes as they are, in one write. */
  sendBytes(bytes: Uint8Array): boolean {
    let keepsUp = true;
    this.#lastWrite = new Promise((resolve) => {
      keepsUp = this.wire.stream.write(bytes, resolve);
    });
    return keepsUp;
  }

  /** All that was written has left this process. */
  async drained(ms?: number): Promise<void> {
    const error = await within(this.#lastWrite, 'the server to read', ms);
    if (error) throw error;
  }

  /** The next frame, of any kind. */
  next(ms?: number): Promise<Frame> {
    return this.#frames.next('a frame', ms);
  }

  /** The next message. Skips pings and pongs; rejects when the server closes instead. */
  async nextMessage(ms?: number): Promise<Message> {
    for (;;) {
      const frame = await this.#frames.next('a message', ms);
      if (frame.opcode === Opcode.Close) {
        const { code, reason } = parseCloseStatus(frame.payload);
        throw new SocketEnded(`the server closed instead of sending a message: ${code} ${reason}`);
      }
      const message = isControl(frame.opcode) ? undefined : this.#assembler.add(frame);
      if (message) return message;
    }
  }

  /** The payload of the next ping. */
  nextPing(ms?: number): Promise<Buffer> {
    return this.#pingInbox.next('a ping', ms);
  }

  /** The payload of the next pong. */
  nextPong(ms?: number): Promise<Buffer> {
    return this.#pongInbox.next('a pong', ms);
  }

  /** What the server's Close frame says, whatever was sent before it and not taken. */
  async closeFrame(ms?: number): Promise<CloseStatus> {
    const status = await this.#closeInbox.next('a Close frame', ms);
    this.#closeInbox.put(status);
    return status;
  }

  /** Sends a Close frame, empty without a code. Does not wait and ends nothing. */
  close(code?: number, reason?: string): void {
    this.sendFrame({ opcode: Opcode.Close, payload: closePayload(code, reason) });
  }

  /** How the server ended the socket. Reading must not be paused. */
  async ended(ms?: number): Promise<SocketEnd> {
    const end = await within(this.wire.ended, 'the server to end the socket', ms);
    if (this.#violation) throw this.#violation;
    if (!end) throw new SocketEnded(this.#describe(end));
    return end;
  }

  /** Stops reading, so that the server's writes pile up. */
  pause(): void {
    this.wire.stream.pause();
  }

  resume(): void {
    this.wire.stream.resume();
  }

  /** Aborts: TCP RST on HTTP/1.1, RST_STREAM (default: CANCEL) on HTTP/2. */
  reset(rstCode?: number): void {
    this.wire.reset(rstCode);
  }

  /** Ends this side only: FIN, or END_STREAM. */
  halfClose(): void {
    this.wire.stream.end();
  }

  /** Drops the socket without a word of WebSocket. */
  destroy(): void {
    this.wire.destroy();
  }

  #receive(chunk: Buffer): void {
    if (this.#violation) return;
    try {
      for (const frame of this.#parser.push(chunk)) this.#deliver(frame);
    } catch (error) {
      this.#violation = error instanceof Error ? error : new Error(String(error));
      this.#failWaits(this.#violation);
    }
  }

  #deliver(frame: Frame): void {
    const { opcode, payload } = frame;
    if (opcode === Opcode.Ping) {
      this.pings.push(payload);
      this.#pingInbox.put(payload);
      const answer = this.options.autoPong !== false && this.wire.stream.writable;
      if (answer) this.sendFrame({ opcode: Opcode.Pong, payload });
    } else if (opcode === Opcode.Pong) {
      this.pongs.push(payload);
      this.#pongInbox.put(payload);
    } else if (opcode === Opcode.Close) {
      this.#closeInbox.put(parseCloseStatus(payload));
    }
    this.#frames.put(frame);
  }

  #failWaits(reason: Error): void {
    const inboxes = [this.#frames, this.#pingInbox, this.#pongInbox, this.#closeInbox];
    for (const inbox of inboxes) inbox.fail(reason);
  }

  #describe(end: SocketEnd | undefined): string {
    if (!end) return 'this client itself ended the socket';
    const code = end.rstCode === undefined ? '' : ` ${end.rstCode}`;
    const rest = this.#parser.unfinished;
    return `the server ended the socket (${end.how}${code})${rest > 0 ? `, ${rest} bytes into a frame` : ''}`;
  }
}
