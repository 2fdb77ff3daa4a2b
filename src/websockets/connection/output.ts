import type { Duplex } from 'node:stream';
import { headerSize, writeHeader } from '../protocol/frame-writer.js';
import type { Opcode } from '../protocol/opcode.js';

const SLAB_BYTES = 64 * 1024;

/** Up to this size a payload is copied behind its header; a larger one is written as it is. */
const COPY_BYTES = 16 * 1024;

/** A batch of this size leaves at once: it fills a few packets, waiting gains nothing more. */
const BATCH_BYTES = 64 * 1024;

/** No UTF-16 code unit takes more bytes in UTF-8. */
const MAX_BYTES_PER_UNIT = 3;

/** The memory that batches of all connections are built in, one after the other. */
const slab = {
  bytes: Buffer.allocUnsafeSlow(SLAB_BYTES),
  position: 0,
  /** Whose batch ends at `position` and can grow there. */
  owner: undefined as Output | undefined,
};

/**
 * The frames of one connection that were not written yet. They gather here until `flush`, so that
 * the replies to one read leave in one write.
 */
export class Output {
  private start = 0;
  private sealed: Uint8Array[] | undefined;
  private size = 0;

  constructor(private readonly stream: Duplex) {}

  /** Bytes that wait here or in the stream. */
  get waiting(): number {
    return this.size + this.stream.writableLength;
  }

  get isFull(): boolean {
    return this.size >= BATCH_BYTES;
  }

  /** Adds an unfragmented frame. A payload above 16 KiB is not copied: it must not change. */
  frame(opcode: Opcode, payload: string | Uint8Array, isCompressed: boolean): void {
    if (typeof payload === 'string') {
      if (payload.length * MAX_BYTES_PER_UNIT <= COPY_BYTES) {
        this.textFrame(opcode, payload);
        return;
      }
      payload = Buffer.from(payload, 'utf8');
    }
    const { length } = payload;
    const header = headerSize(length);
    if (length <= COPY_BYTES) {
      const at = this.reserve(header + length);
      writeHeader(slab.bytes, at, opcode, length, isCompressed);
      slab.bytes.set(payload, at + header);
      this.grow(header + length);
    } else {
      const at = this.reserve(header);
      writeHeader(slab.bytes, at, opcode, length, isCompressed);
      this.grow(header);
      this.seal();
      this.sealed!.push(payload);
      this.size += length;
    }
  }

  /**
   * Hands the batch to the stream, in one write.
   *
   * @param onWritten called when the stream has taken it, unless there is nothing to write
   */
  flush(onWritten?: () => void): void {
    if (this.size === 0) return;
    if (this.sealed === undefined) {
      this.flushSlab(onWritten);
      return;
    }
    this.seal();
    const parts = this.sealed;
    this.sealed = undefined;
    this.size = 0;
    const last = parts.pop();
    this.stream.cork();
    for (const part of parts) this.stream.write(part);
    this.stream.write(last, onWritten);
    this.stream.uncork();
  }

  /** Lets go of what was not written. */
  discard(): void {
    this.sealed = undefined;
    this.size = 0;
    if (slab.owner === this) slab.owner = undefined;
  }

  private flushSlab(onWritten: (() => void) | undefined): void {
    const { start } = this;
    const end = start + this.size;
    this.size = 0;
    slab.owner = undefined;
    this.stream.write(slab.bytes.subarray(start, end), onWritten);
    // The kernel took it all during the call: the memory is free again.
    if (slab.position === end && this.stream.writableLength === 0) slab.position = start;
  }

  private textFrame(opcode: Opcode, text: string): void {
    // Most text is ASCII: the header is sized for that, and moved apart if the guess was wrong.
    const guess = headerSize(text.length);
    const at = this.reserve(10 + text.length * MAX_BYTES_PER_UNIT);
    const length = slab.bytes.write(text, at + guess, 'utf8');
    const header = headerSize(length);
    if (header !== guess) {
      slab.bytes.copyWithin(at + header, at + guess, at + guess + length);
    }
    writeHeader(slab.bytes, at, opcode, length, false);
    this.grow(header + length);
  }

  /** Makes room for `size` bytes at the slab's end, joined to this batch if nobody came between. */
  private reserve(size: number): number {
    const hasRoom = slab.position + size <= SLAB_BYTES;
    if (slab.owner === this && hasRoom) return slab.position;
    slab.owner?.seal();
    if (!hasRoom) {
      slab.bytes = Buffer.allocUnsafeSlow(SLAB_BYTES);
      slab.position = 0;
    }
    slab.owner = this;
    this.start = slab.position;
    return slab.position;
  }

  private grow(size: number): void {
    slab.position += size;
    this.size += size;
  }

  /** Closes the part of the slab that this batch has, for something else has to follow it. */
  private seal(): void {
    this.sealed ??= [];
    if (slab.owner !== this) return;
    slab.owner = undefined;
    if (slab.position > this.start) {
      this.sealed.push(slab.bytes.subarray(this.start, slab.position));
    }
  }
}
