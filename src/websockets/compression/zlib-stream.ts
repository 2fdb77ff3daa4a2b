import type { DeflateRaw, InflateRaw } from 'node:zlib';
import { CloseCode } from '../protocol/close-code.js';
import { ProtocolError } from '../protocol/protocol-error.js';

/** @param consumed bytes of the input that zlib took: fewer than all behind a final block */
export type RunCallback = (error: Error | null, output: Buffer, consumed: number) => void;

const NO_BYTES = Buffer.alloc(0);

/**
 * A raw zlib stream that takes one job at a time.
 *
 * The stream has to be made with the option `flush: Z_SYNC_FLUSH`: one write is then one job of the
 * thread pool, while `write` and `flush` would be two. zlib works off the main thread, so that the
 * callback comes later, always.
 */
export class ZlibStream {
  private chunks: Buffer[] = [];
  private size = 0;
  private maxSize = 0;
  private consumedBefore = 0;
  private callback: RunCallback | undefined;

  constructor(private readonly zlib: DeflateRaw | InflateRaw) {
    zlib.on('data', (chunk: Buffer) => this.collect(chunk));
    // After an error or a close in the middle of a job zlib does not call back from its write.
    zlib.on('error', (error) => this.finish(error));
    zlib.on('close', () => this.finish(new Error('The zlib stream was closed')));
  }

  get isClosed(): boolean {
    return this.zlib.destroyed;
  }

  /**
   * @param input must not change until the callback
   * @param maxSize bytes of output; one chunk above it the job ends with a ProtocolError 1009
   */
  run(input: Uint8Array, maxSize: number, callback: RunCallback): void {
    this.maxSize = maxSize;
    this.consumedBefore = this.zlib.bytesWritten;
    this.callback = callback;
    this.zlib.write(input, (error) => this.finish(error ?? null));
  }

  /** Forgets the window, as between the messages of RFC 7692, section 7.1.1. */
  reset(): void {
    this.zlib.reset();
  }

  /** Frees zlib's memory; a job that runs ends with an error. */
  close(): void {
    this.zlib.close();
  }

  private collect(chunk: Buffer): void {
    if (this.callback === undefined) return;
    this.size += chunk.length;
    if (this.size <= this.maxSize) {
      this.chunks.push(chunk);
      return;
    }
    // zlib asks for no further chunk once its stream is closed.
    this.zlib.close();
    this.finish(new ProtocolError(CloseCode.MessageTooBig, 'Message too large after inflating'));
  }

  private finish(error: Error | null): void {
    const { callback, chunks } = this;
    if (callback === undefined) return;
    this.callback = undefined;
    this.chunks = [];
    this.size = 0;
    if (error !== null) {
      callback(error, NO_BYTES, 0);
      return;
    }
    const output = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    callback(null, output, this.zlib.bytesWritten - this.consumedBefore);
  }
}
