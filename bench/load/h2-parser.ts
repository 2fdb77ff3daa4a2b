import { Flag, FRAME_HEADER_BYTES, FrameType } from './h2-frame.js';

export interface H2FrameHandler {
  /** Some of a stream's data, as it comes. */
  onData(stream: number, chunk: Buffer, start: number, end: number): void;

  /** Any other frame, whole. */
  onFrame(type: number, flags: number, stream: number, payload: Buffer): void;
}

/** Takes the bytes of an HTTP/2 connection apart; data is passed on uncopied. */
export class H2Parser {
  private readonly header = Buffer.alloc(FRAME_HEADER_BYTES);
  private headerBytes = 0;
  private payload: Buffer | undefined;
  private remaining = 0;
  private stream = 0;

  constructor(private readonly handler: H2FrameHandler) {}

  feed(chunk: Buffer, start: number, end: number): void {
    let at = start;
    while (at < end) {
      if (this.remaining > 0) {
        const next = Math.min(end, at + this.remaining);
        this.remaining -= next - at;
        if (this.payload === undefined) this.handler.onData(this.stream, chunk, at, next);
        else this.takePayload(chunk, at, next);
        at = next;
      } else if (this.headerBytes === 0 && end - at >= FRAME_HEADER_BYTES) {
        this.begin(chunk, at);
        at += FRAME_HEADER_BYTES;
      } else {
        this.header[this.headerBytes++] = chunk[at++];
        if (this.headerBytes < FRAME_HEADER_BYTES) continue;
        this.headerBytes = 0;
        this.begin(this.header, 0);
      }
    }
  }

  private begin(bytes: Buffer, at: number): void {
    const type = bytes[at + 3];
    this.remaining = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];
    this.stream =
      ((bytes[at + 5] & 0x7f) << 24) | (bytes[at + 6] << 16) | (bytes[at + 7] << 8) | bytes[at + 8];
    if (type === FrameType.Data) {
      if ((bytes[at + 4] & Flag.Padded) !== 0) throw new Error('Padded DATA is not expected');
      this.payload = undefined;
      return;
    }
    this.header.set(bytes.subarray(at, at + FRAME_HEADER_BYTES));
    this.payload = Buffer.alloc(this.remaining);
    if (this.remaining === 0) this.takePayload(bytes, 0, 0);
  }

  private takePayload(chunk: Buffer, start: number, end: number): void {
    const payload = this.payload!;
    chunk.copy(payload, payload.length - this.remaining - (end - start), start, end);
    if (this.remaining > 0) return;
    this.handler.onFrame(this.header[3], this.header[4], this.stream, payload);
  }
}
