import type { EncodedMessage } from './message.js';

/** What is compared with a chunk in one go. */
const PATTERN_BYTES = 256 * 1024;

/** Whether every byte is compared, or the headers only; one switch for all streams. */
export const verification = { full: true };

/** The bytes to come: one reply again and again, so long that a chunk is found in it at any offset. */
export class ReplyPattern {
  readonly period: number;
  readonly header: Buffer;
  readonly bytes: Buffer;

  constructor({ reply, headerBytes }: EncodedMessage) {
    this.period = reply.length;
    this.header = reply.subarray(0, headerBytes);
    this.bytes = Buffer.alloc(PATTERN_BYTES + reply.length, reply);
  }
}

/** Checks what one socket sends back, and counts the replies. */
export class ReplyStream {
  /** Bytes of the reply that has begun. */
  private position = 0;

  constructor(private readonly pattern: ReplyPattern) {}

  /** @returns replies that are complete with these bytes */
  feed(chunk: Buffer, start: number, end: number): number {
    if (verification.full) this.compareAll(chunk, start, end);
    else this.compareHeaders(chunk, start, end);
    const bytes = this.position + end - start;
    const { period } = this.pattern;
    if (bytes < period) {
      this.position = bytes;
      return 0;
    }
    this.position = bytes % period;
    return (bytes - this.position) / period;
  }

  private compareAll(chunk: Buffer, start: number, end: number): void {
    const { bytes, period } = this.pattern;
    let position = this.position;
    for (let at = start; at < end; at += PATTERN_BYTES) {
      const next = Math.min(end, at + PATTERN_BYTES);
      if (chunk.compare(bytes, position, position + next - at, at, next) !== 0) {
        throw new Error('A reply differs from the message');
      }
      position = (position + next - at) % period;
    }
  }

  private compareHeaders(chunk: Buffer, start: number, end: number): void {
    const { header, period } = this.pattern;
    for (let frame = start - this.position; frame < end; frame += period) {
      const first = frame < start ? start - frame : 0;
      const beyond = Math.min(header.length, end - frame);
      for (let index = first; index < beyond; index++) {
        if (chunk[frame + index] !== header[index]) {
          throw new Error('The header of a reply differs from what was expected');
        }
      }
    }
  }
}
