import { JobQueue } from './job-queue.js';
import { MAX_ZLIB_JOBS, type ZlibPool } from './zlib-pool.js';
import type { ZlibStream } from './zlib-stream.js';

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
        this.begin(message, finish);
      });
    });
  }

  /** The stream for the message that runs, made when it is first needed. */
  protected takeStream(): ZlibStream {
    return (this.stream ??= this.pool?.take() ?? this.createStream());
  }

  protected dropStream(): void {
    this.stream?.close();
    this.stream = undefined;
  }

  private begin(message: Uint8Array, finish: CodecCallback): void {
    if (this.isClosed) {
      finish(null, NO_BYTES);
      return;
    }
    try {
      this.process(message, finish);
    } catch (error) {
      // zlib found no memory for a stream.
      process.nextTick(finish, error as Error, NO_BYTES);
    }
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
