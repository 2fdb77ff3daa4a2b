import type { ZlibStream } from './zlib-stream.js';

/**
 * Jobs that the process gives to zlib at a time. Many at once fragment the memory for good
 * (nodejs/node#8871), and libuv has four threads for them by default.
 */
export const MAX_ZLIB_JOBS = 10;

/**
 * zlib streams that all connections share, for messages that stand alone: there are never more than
 * `MAX_ZLIB_JOBS` of them, however many connections there are.
 */
export class ZlibPool {
  private readonly idle: ZlibStream[] = [];

  constructor(private readonly create: () => ZlibStream) {}

  take(): ZlibStream {
    return this.idle.pop() ?? this.create();
  }

  /** Takes a stream back, unless it was closed. */
  give(stream: ZlibStream): void {
    if (stream.isClosed) return;
    if (this.idle.length < MAX_ZLIB_JOBS) {
      stream.reset();
      this.idle.push(stream);
    } else {
      stream.close();
    }
  }
}
