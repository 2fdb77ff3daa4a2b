import { isUtf8 } from 'node:buffer';
import { type CloseStatus, type Frame, isControl, Opcode } from './frame.js';

/** The server sent what RFC 6455 forbids a server. */
export class ProtocolViolation extends Error {
  override readonly name = 'ProtocolViolation';

  constructor(what: string) {
    super(`the server broke RFC 6455: ${what}`);
  }
}

interface FrameHead {
  readonly fin: boolean;
  readonly rsv1: boolean;
  readonly opcode: number;
  /** Where the payload begins and how long it is. */
  readonly start: number;
  readonly length: number;
}

/**
 * Turns the bytes of a server into frames and forgives nothing: masks, reserved bits and opcodes,
 * lengths that are not in their shortest form, control frames that are long or fragmented,
 * fragments out of order, bad Close payloads and anything behind a Close frame all throw.
 */
export class FrameParser {
  #pending: Buffer[] = [];
  #pendingLength = 0;
  #wanted = 2;
  #inMessage = false;
  #closed = false;

  constructor(private readonly options: { readonly compression: boolean }) {}

  /** Bytes of a frame that has not come to its end. */
  get unfinished(): number {
    return this.#pendingLength;
  }

  /** The frames that `chunk` completes, each before the next is looked at. */
  *push(chunk: Buffer): Generator<Frame, void> {
    this.#pending.push(chunk);
    this.#pendingLength += chunk.length;
    if (this.#pendingLength < this.#wanted) return;
    const bytes = Buffer.concat(this.#pending);
    let at = 0;
    for (;;) {
      const rest = bytes.subarray(at);
      const head = this.#head(rest);
      const end = head ? head.start + head.length : rest.length + 1;
      if (!head || rest.length < end) {
        this.#pending = [rest];
        this.#pendingLength = rest.length;
        this.#wanted = end;
        return;
      }
      yield this.#accept(head, rest.subarray(head.start, end));
      at += end;
    }
  }

  #head(bytes: Buffer): FrameHead | undefined {
    if (bytes.length > 0 && this.#closed) throw new ProtocolViolation('data after its Close frame');
    if (bytes.length < 2) return undefined;
    const [first, second] = bytes;
    const opcode = first & 0x0f;
    const rsv1 = (first & 0x40) !== 0;
    if ((first & 0x30) !== 0) throw new ProtocolViolation('RSV2 or RSV3 is set');
    if (rsv1 && !this.options.compression) throw new ProtocolViolation('RSV1 without an extension');
    if (rsv1 && opcode !== Opcode.Text && opcode !== Opcode.Binary) {
      throw new ProtocolViolation(`RSV1 on a frame with opcode ${opcode}`);
    }
    if ((second & 0x80) !== 0) throw new ProtocolViolation('a masked frame');
    const length = payloadLength(bytes);
    return length && { fin: (first & 0x80) !== 0, rsv1, opcode, ...length };
  }

  #accept({ fin, rsv1, opcode }: FrameHead, payload: Buffer): Frame {
    if (isControl(opcode)) this.#checkControl(opcode, fin, payload);
    else this.#checkData(opcode, fin);
    return { fin, rsv1, opcode, payload };
  }

  #checkControl(opcode: number, fin: boolean, payload: Buffer): void {
    if (opcode > Opcode.Pong) throw new ProtocolViolation(`reserved opcode ${opcode}`);
    if (!fin) throw new ProtocolViolation('a fragmented control frame');
    if (payload.length > 125) throw new ProtocolViolation('a control frame of more than 125 bytes');
    if (opcode !== Opcode.Close) return;
    parseCloseStatus(payload);
    this.#closed = true;
  }

  #checkData(opcode: number, fin: boolean): void {
    if (opcode > Opcode.Binary) throw new ProtocolViolation(`reserved opcode ${opcode}`);
    const continues = opcode === Opcode.Continuation;
    if (continues && !this.#inMessage) throw new ProtocolViolation('a continuation of nothing');
    if (!continues && this.#inMessage) {
      throw new ProtocolViolation('a new message inside a fragmented one');
    }
    this.#inMessage = !fin;
  }
}

/** What a Close frame's payload says. */
export function parseCloseStatus(payload: Buffer): CloseStatus {
  if (payload.length === 0) return { code: undefined, reason: '' };
  if (payload.length === 1) throw new ProtocolViolation('a Close payload of one byte');
  const code = payload.readUInt16BE();
  const reason = payload.subarray(2);
  if (!isSendableCloseCode(code)) throw new ProtocolViolation(`close code ${code}`);
  if (!isUtf8(reason)) throw new ProtocolViolation('a close reason that is not UTF-8');
  return { code, reason: reason.toString() };
}

function isSendableCloseCode(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code);
}

function payloadLength(bytes: Buffer): { start: number; length: number } | undefined {
  const short = bytes[1] & 0x7f;
  if (short < 126) return { start: 2, length: short };
  const start = short === 126 ? 4 : 10;
  if (bytes.length < start) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (!Number.isSafeInteger(length)) throw new ProtocolViolation(`a length of ${length}`);
  if (length <= (short === 126 ? 125 : 0xffff)) {
    throw new ProtocolViolation(`a length of ${length} in ${short === 126 ? 16 : 64} bits`);
  }
  return { start, length };
}
