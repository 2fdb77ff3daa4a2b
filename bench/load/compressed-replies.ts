import { inflateRawSync } from 'node:zlib';
import { verification } from './reply-stream.js';

const FIN_RSV1_TEXT = 0xc1;
const FLUSHED_TAIL = Buffer.from([0, 0, 0xff, 0xff]);

/**
 * Counts compressed replies, whose length depends on what was compressed before. The first one of
 * a connection is inflated and compared.
 */
export class CompressedReplies {
  /** Bytes of a frame that was not complete. */
  private rest: Buffer = Buffer.alloc(0);
  private isVerified = false;

  constructor(private readonly payload: Buffer) {}

  feed(chunk: Buffer, start: number, end: number): number {
    const fresh = chunk.subarray(start, end);
    const bytes = this.rest.length === 0 ? fresh : Buffer.concat([this.rest, fresh]);
    let at = 0;
    let complete = 0;
    while (at + 2 <= bytes.length) {
      if (bytes[at] !== FIN_RSV1_TEXT) throw new Error('A reply is not a compressed text');
      const size = frameSize(bytes, at);
      if (size === undefined || at + size.total > bytes.length) break;
      if (!this.isVerified && verification.full) {
        this.verify(bytes.subarray(at + size.header, at + size.total));
      }
      at += size.total;
      complete += 1;
    }
    // The chunk is read into again.
    this.rest = Buffer.from(bytes.subarray(at));
    return complete;
  }

  private verify(deflated: Buffer): void {
    const inflated = inflateRawSync(Buffer.concat([deflated, FLUSHED_TAIL]), {
      finishFlush: 2 /* Z_SYNC_FLUSH */,
    });
    if (!inflated.equals(this.payload)) throw new Error('A reply differs from the message');
    this.isVerified = true;
  }
}

function frameSize(bytes: Buffer, at: number): { header: number; total: number } | undefined {
  const length = bytes[at + 1];
  if (length < 126) return { header: 2, total: 2 + length };
  if (length === 127) throw new Error('A compressed reply is longer than 64 KiB');
  if (at + 4 > bytes.length) return undefined;
  return { header: 4, total: 4 + bytes.readUInt16BE(at + 2) };
}
