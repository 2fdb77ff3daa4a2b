import { JobQueue } from './job-queue.js';
import { MAX_ZLIB_JOBS, type ZlibPool } from './zlib-pool.js';
import type { RunCallback, ZlibStream } from './zlib-stream.js';

export type CodecCallback = (error: Error | null, data: Buffer) => void;

/** Output buffer of a stream that one connection owns: small, for there is one per connection. */
export const OWN_CHUNK_BYTES = 8 * 1024;

/** Output buffer of a stream that all connections share. */
export const SHARED_CHUNK_BYTES = 16 * 1024;

const NO_BYTES = Buffer.alloc(0);

/** Of the whole process: it is the thread pool and the memory that all of them share. */
const zlibJobs = new JobQueue(MAX_ZLIB_JOBS);

/**
 * One direction of one connection: messages through zlib, one after the other and in order.
 *
 * Callbacks are always asynchronous. The first error closes the codec: its callback is the last.
 */
export abstract class MessageCodec {
  private readonly messages = new JobQueue(1);
  private stream: ZlibStream | undefined;
  private isClosed = false;

  /** @param pool where streams come from if there is no context to keep between messages */
  constructor(private readonly pool: ZlibPool | undefined) {}

  /** Whether no callback is outstanding. */
  get isIdle(): boolean {
    return this.isClosed || this.messages.isIdle;
  }

  /** Frees the zlib stream; callbacks that are outstanding never come. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.messages.clear();
    this.dropStream();
  }

  /** A stream that only this codec uses and that remembers its window. */
  protected abstract createStream(): ZlibStream;

  /** Runs one message; `finish` has to be called once, later than this call. */
  protected abstract process(message: Uint8Array, finish: CodecCallback): void;

  protected enqueue(message: Uint8Array, callback: CodecCallback): void {
    if (this.isClosed) return;
    this.messages.add((next) => {
      zlibJobs.add((release) => {
        const finish: CodecCallback = (error, data) => {
          const isWanted = !this.isClosed;
          this.settle(error);
          release();
          next();
          if (isWanted) callback(error, data);
        };
        if (this.isClosed) finish(null, NO_BYTES);
        else this.process(message, finish);
      });
    });
  }

  /** Runs a job of the message on the stream, which is made when it is first needed. */
  protected run(input: Uint8Array, maxSize: number, callback: RunCallback): void {
    try {
      if (this.isClosed) throw new Error('The codec was closed');
      this.stream ??= this.pool?.take() ?? this.createStream();
      this.stream.run(input, maxSize, callback);
    } catch (error) {
      // Also if zlib finds no memory for a stream.
      process.nextTick(callback, error, NO_BYTES, 0);
    }
  }

  protected dropStream(): void {
    this.stream?.close();
    this.stream = undefined;
  }

  private settle(error: Error | null): void {
    if (error !== null) {
      this.close();
    } else if (this.pool !== undefined && this.stream !== undefined) {
      this.pool.give(this.stream);
      this.stream = undefined;
    }
  }
}
