import { constants, createDeflateRaw } from 'node:zlib';
import {
  type CodecCallback,
  MessageCodec,
  OWN_CHUNK_BYTES,
  SHARED_CHUNK_BYTES,
} from './message-codec.js';
import { ZlibPool } from './zlib-pool.js';
import { ZlibStream } from './zlib-stream.js';

export interface DeflaterOptions {
  /** Base-2 logarithm of the window, 9 to 15. */
  readonly windowBits: number;
  readonly noContextTakeover: boolean;
}

/** 3 instead of zlib's 6: half the time of the processor, and JSON comes out 7 % larger. */
const LEVEL = 3;

/** Below this, zlib ends a block so often that the Huffman tables outweigh what they save. */
const MIN_MEMORY_LEVEL = 4;

/** What Z_SYNC_FLUSH ends with and the wire leaves out: 00 00 ff ff (RFC 7692, section 7.2.1). */
const TAIL_BYTES = 4;

/** An empty message, compressed (RFC 7692, section 7.2.3.6); it leaves the window as it is. */
const EMPTY_MESSAGE = Buffer.from([0x00]);

const pools = new Map<number, ZlibPool>();

/**
 * Compresses the messages of one connection (RFC 7692, section 7.2.1).
 *
 * Memory per connection, from the first message that is compressed on: with context takeover
 * 2^(windowBits + 2) + 2^(memLevel + 9) bytes of zlib and a buffer of 8 KiB, that is 264 KiB for a
 * window of 15, 40 KiB for 12 and 18 KiB for 9; without it nothing, as the streams are shared: at
 * most ten per window size in the process.
 */
export class Deflater extends MessageCodec {
  constructor(private readonly options: DeflaterOptions) {
    super(options.noContextTakeover ? poolOf(options.windowBits) : undefined);
  }

  /**
   * @param data must not change until the callback
   * @param callback gets the payload of a message with RSV1; never called after `close`
   */
  deflate(data: Uint8Array, callback: CodecCallback): void {
    this.enqueue(data, callback);
  }

  protected createStream(): ZlibStream {
    return createStream(this.options.windowBits, OWN_CHUNK_BYTES);
  }

  protected process(data: Uint8Array, finish: CodecCallback): void {
    // zlib has nothing to flush if nothing came since the last flush.
    if (data.length === 0) {
      process.nextTick(finish, null, EMPTY_MESSAGE);
      return;
    }
    this.takeStream().run(data, Infinity, (error, output) => {
      finish(error, error === null ? output.subarray(0, -TAIL_BYTES) : output);
    });
  }
}

function poolOf(windowBits: number): ZlibPool {
  let pool = pools.get(windowBits);
  if (pool === undefined) {
    pool = new ZlibPool(() => createStream(windowBits, SHARED_CHUNK_BYTES));
    pools.set(windowBits, pool);
  }
  return pool;
}

function createStream(windowBits: number, chunkSize: number): ZlibStream {
  return new ZlibStream(
    createDeflateRaw({
      windowBits,
      // As much for the hash table as for the window: 8, zlib's default, goes with 15.
      memLevel: Math.max(MIN_MEMORY_LEVEL, windowBits - 7),
      level: LEVEL,
      chunkSize,
      flush: constants.Z_SYNC_FLUSH,
    }),
  );
}
