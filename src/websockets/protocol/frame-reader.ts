import { isUtf8 } from 'node:buffer';
import { CloseCode, isValidCloseCode } from './close-code.js';
import { applyMask, wordsOf } from './mask.js';
import { invalidUtf8, MessageAssembly } from './message-assembly.js';
import { Opcode } from './opcode.js';
import { ProtocolError } from './protocol-error.js';

const FIN = 0x80;
const RSV1 = 0x40;
const RSV2_RSV3 = 0x30;
const MASKED = 0x80;
const FINAL_TEXT = FIN | Opcode.Text;
const FINAL_BINARY = FIN | Opcode.Binary;
const MAX_CONTROL_PAYLOAD = 125;
const NO_BYTES = Buffer.alloc(0);

/** What a `FrameReader` makes of the bytes; called during `push` and `resume`, in wire order. */
export interface FrameHandler {
  /** A whole message; of text, valid UTF-8 unless it is compressed. */
  onMessage(data: Buffer, isBinary: boolean, isCompressed: boolean): void;
  onPing(payload: Buffer): void;
  onPong(payload: Buffer): void;
  /** @param code 1005 if the frame had none */
  onClose(code: number, reason: string): void;
}

export interface FrameReaderOptions {
  /** Bytes of one message, all its fragments together, before inflating. */
  readonly maxMessageSize: number;
  readonly maxFragments: number;
  /** Whether RSV1 may mark a message as compressed (RFC 7692, section 6). */
  readonly acceptsCompressed: boolean;
}

/**
 * Bytes of a client in, messages out: a strict parser of RFC 6455, section 5. It knows no socket.
 *
 * A frame that lies whole in one chunk is unmasked where it lies: the messages are views of the
 * chunks, which therefore belong to the reader.
 */
export class FrameReader {
  private rest: Buffer | undefined;
  private isPaused = false;
  private isEnded = false;
  private assembly: MessageAssembly | undefined;
  private isFragmented = false;
  private isFinal = false;
  /** Payload bytes of the current data frame still to come. */
  private remaining = 0;
  private phase = 0;
  private readonly key = new Uint8Array(4);

  constructor(
    private readonly handler: FrameHandler,
    private readonly options: FrameReaderOptions,
  ) {}

  /** @throws ProtocolError; the reader takes no more bytes after that */
  push(chunk: Buffer): void {
    if (this.isEnded) return;
    if (this.rest !== undefined) {
      chunk = Buffer.concat([this.rest, chunk]);
      this.rest = undefined;
    }
    this.read(chunk);
  }

  /** Whether `pause` is in force. */
  get isHeld(): boolean {
    return this.isPaused;
  }

  /** Bytes that were pushed but not read yet. */
  get waiting(): number {
    return this.rest?.length ?? 0;
  }

  /** Nothing is handed over until `resume`, also of what a running `push` still holds. */
  pause(): void {
    this.isPaused = true;
  }

  /** @throws ProtocolError, as `push`, of bytes that waited */
  resume(): void {
    this.isPaused = false;
    const chunk = this.rest;
    if (chunk === undefined || this.isEnded) return;
    this.rest = undefined;
    this.read(chunk);
  }

  /** Ignores all further bytes and lets go of those that wait. */
  end(): void {
    this.isEnded = true;
    this.rest = undefined;
    this.assembly = undefined;
  }

  private read(chunk: Buffer): void {
    const end = chunk.length;
    let words: Int32Array | undefined;
    let at = 0;
    while (at < end && !this.isPaused && !this.isEnded) {
      if (this.remaining > 0) {
        const until = Math.min(end, at + this.remaining);
        this.readPayload(chunk, at, until);
        at = until;
        continue;
      }

      if (end - at < 2) break;
      const first = chunk[at];
      if (first !== FINAL_TEXT && first !== FINAL_BINARY) this.checkFirstByte(first);
      const second = chunk[at + 1];
      if ((second & MASKED) === 0) throw violation('A client frame must be masked');
      let length = second & 0x7f;
      let keyAt = at + 2;
      if (length > MAX_CONTROL_PAYLOAD) {
        if ((first & 0x08) !== 0) throw violation('A control frame is at most 125 bytes long');
        keyAt += length === 126 ? 2 : 8;
        if (keyAt > end) break;
        length = readLength(chunk, at + 2, length);
      }
      const payloadAt = keyAt + 4;
      if ((first & 0x08) === 0) this.checkSize(length);
      if (payloadAt > end) break;
      const next = payloadAt + length;

      if (next <= end && !this.isFragmented && (first === FINAL_TEXT || first === FINAL_BINARY)) {
        words ??= wordsOf(chunk);
        applyMask(chunk, words, payloadAt, next, chunk, keyAt, 0);
        const data = chunk.subarray(payloadAt, next);
        at = next;
        const isBinary = first === FINAL_BINARY;
        if (!isBinary && !isUtf8(data)) throw invalidUtf8();
        this.handler.onMessage(data, isBinary, false);
      } else if ((first & 0x08) !== 0) {
        if (next > end) break;
        words ??= wordsOf(chunk);
        applyMask(chunk, words, payloadAt, next, chunk, keyAt, 0);
        at = next;
        this.readControlFrame(first & 0x0f, chunk.subarray(payloadAt, next));
      } else {
        this.beginDataFrame(first, length, chunk, keyAt);
        at = payloadAt;
      }
    }
    if (at < end && !this.isEnded) this.rest = at === 0 ? chunk : chunk.subarray(at);
  }

  private checkFirstByte(first: number): void {
    const opcode = first & 0x0f;
    if ((first & RSV2_RSV3) !== 0) throw violation('RSV2 and RSV3 must be 0');
    const isControl = (opcode & 0x08) !== 0;
    if ((first & RSV1) !== 0) {
      const marksCompression = opcode === Opcode.Text || opcode === Opcode.Binary;
      if (!this.options.acceptsCompressed || !marksCompression) throw violation('RSV1 must be 0');
    }
    if (isControl) {
      if (opcode > Opcode.Pong) throw violation(`Reserved opcode 0x${opcode.toString(16)}`);
      if ((first & FIN) === 0) throw violation('A control frame must not be fragmented');
    } else if (opcode > Opcode.Binary) {
      throw violation(`Reserved opcode 0x${opcode.toString(16)}`);
    } else if (opcode === Opcode.Continuation && !this.isFragmented) {
      throw violation('A continuation frame without a message to continue');
    }
    this.checkOrder(opcode);
  }

  private checkOrder(opcode: number): void {
    if (this.isFragmented && (opcode === Opcode.Text || opcode === Opcode.Binary)) {
      throw violation('A new message inside a fragmented one');
    }
  }

  private checkSize(length: number): void {
    const size = length + (this.assembly?.size ?? 0);
    if (size > this.options.maxMessageSize) {
      throw new ProtocolError(
        CloseCode.MessageTooBig,
        `Message larger than ${this.options.maxMessageSize} bytes`,
      );
    }
  }

  private beginDataFrame(first: number, length: number, chunk: Buffer, keyAt: number): void {
    const opcode = first & 0x0f;
    this.checkOrder(opcode);
    const assembly = (this.assembly ??= new MessageAssembly());
    if (opcode !== Opcode.Continuation) {
      assembly.begin(opcode === Opcode.Binary, (first & RSV1) !== 0);
    }
    if (++assembly.fragments > this.options.maxFragments) {
      throw new ProtocolError(
        CloseCode.PolicyViolation,
        `Message of more than ${this.options.maxFragments} fragments`,
      );
    }
    this.isFinal = (first & FIN) !== 0;
    this.isFragmented = true;
    this.remaining = length;
    this.phase = 0;
    this.key.set(chunk.subarray(keyAt, keyAt + 4));
    if (length === 0) this.endDataFrame(assembly);
  }

  private readPayload(chunk: Buffer, start: number, end: number): void {
    const assembly = this.assembly!;
    assembly.append(chunk, start, end, assembly.size + this.remaining, this.key, this.phase);
    this.phase += end - start;
    this.remaining -= end - start;
    if (this.remaining === 0) this.endDataFrame(assembly);
  }

  private endDataFrame(assembly: MessageAssembly): void {
    if (!this.isFinal) return;
    this.isFragmented = false;
    this.assembly = undefined;
    this.handler.onMessage(assembly.take(), assembly.isBinary, assembly.isCompressed);
  }

  private readControlFrame(opcode: number, payload: Buffer): void {
    if (opcode === Opcode.Ping) this.handler.onPing(payload);
    else if (opcode === Opcode.Pong) this.handler.onPong(payload);
    else this.readClose(payload);
  }

  private readClose(payload: Buffer): void {
    let code: number = CloseCode.NoStatus;
    let reason: Buffer = NO_BYTES;
    if (payload.length === 1) throw violation('A Close frame of one byte');
    if (payload.length > 1) {
      code = payload.readUInt16BE(0);
      if (!isValidCloseCode(code)) throw violation(`Close code ${code} must not be sent`);
      reason = payload.subarray(2);
      if (!isUtf8(reason)) {
        throw new ProtocolError(CloseCode.InvalidPayload, 'Invalid UTF-8 in a close reason');
      }
    }
    this.end();
    this.handler.onClose(code, reason.toString());
  }
}

function readLength(chunk: Buffer, at: number, marker: number): number {
  if (marker === 126) {
    const length = chunk.readUInt16BE(at);
    if (length <= MAX_CONTROL_PAYLOAD) throw notMinimal();
    return length;
  }
  const high = chunk.readUInt32BE(at);
  if (high > 0x7fffffff) throw violation('The first bit of a 64-bit length must be 0');
  const length = high * 2 ** 32 + chunk.readUInt32BE(at + 4);
  if (length <= 0xffff) throw notMinimal();
  return length;
}

function notMinimal(): ProtocolError {
  return violation('A payload length must take the fewest bytes that hold it');
}

function violation(message: string): ProtocolError {
  return new ProtocolError(CloseCode.ProtocolError, message);
}
