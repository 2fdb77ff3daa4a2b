import { constants, createInflateRaw } from 'node:zlib';
import { CloseCode } from '../protocol/close-code.js';
import { ProtocolError } from '../protocol/protocol-error.js';
import {
  type CodecCallback,
  MessageCodec,
  OWN_CHUNK_BYTES,
  SHARED_CHUNK_BYTES,
} from './message-codec.js';
import { ZlibPool } from './zlib-pool.js';
import { ZlibStream } from './zlib-stream.js';

export interface InflaterOptions {
  /** Base-2 logarithm of the largest window of the peer, 8 to 15. */
  readonly windowBits: number;
  readonly noContextTakeover: boolean;
  /** Bytes of a message after inflating. */
  readonly maxMessageSize: number;
}

const MAX_WINDOW_BITS = 15;

/** A peer that has zlib compresses with 9 when it promised 8; the larger window reads both. */
const MIN_WINDOW_BITS = 9;

/** What the sender cut off (RFC 7692, section 7.2.2). */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/** Each costs a new stream of zlib, so that a few bytes could keep the processor busy. */
const MAX_FINAL_BLOCKS = 16;

const NO_BYTES = Buffer.alloc(0);

const pool = new ZlibPool(() => createStream(MAX_WINDOW_BITS, SHARED_CHUNK_BYTES));

/**
 * Inflates the messages of one connection (RFC 7692, section 7.2.2).
 *
 * Resident memory per connection from its first compressed message on, as measured with Node 20:
 * with context takeover 64 KiB for a window of 15, 35 KiB for 12 and below; without it nothing, for
 * the streams are shared: at most ten in the process.
 */
export class Inflater extends MessageCodec {
  constructor(private readonly options: InflaterOptions) {
    super(options.noContextTakeover ? pool : undefined);
  }

  /**
   * Errors are a ProtocolError 1009 (larger than `maxMessageSize`; no more than that and one chunk
   * is ever inflated), 1007 (not DEFLATE) or 1008 (too many final blocks), or what zlib itself came
   * to. A message cut off inside of a block goes unnoticed: zlib waits for the rest of it.
   *
   * @param payload of a message with RSV1, all its fragments together
   * @param callback never called after `close`
   */
  inflate(payload: Buffer, callback: CodecCallback): void {
    this.enqueue(payload, callback);
  }

  protected createStream(): ZlibStream {
    return createStream(Math.max(MIN_WINDOW_BITS, this.options.windowBits), OWN_CHUNK_BYTES);
  }

  protected process(payload: Buffer, finish: CodecCallback): void {
    // Also of an empty message one byte is left (RFC 7692, section 7.2.3.6).
    if (payload.length === 0) process.nextTick(finish, invalidData(), NO_BYTES);
    else this.inflateFrom(Buffer.concat([payload, TAIL]), [], 0, 0, finish);
  }

  /** @param parts what came out before, `size` bytes in all, up to the last final block */
  private inflateFrom(
    input: Buffer,
    parts: Buffer[],
    size: number,
    finalBlocks: number,
    finish: CodecCallback,
  ): void {
    const { maxMessageSize } = this.options;
    this.run(input, maxMessageSize - size, (error, output, consumed) => {
      if (error !== null) {
        finish(translate(error, maxMessageSize), NO_BYTES);
        return;
      }
      const isEnded = consumed < input.length;
      // A block with BFINAL (RFC 7692, section 7.2.3.4) ends zlib's stream, and the next one begins
      // with an empty window. If only the tail is left, the message was over.
      if (isEnded) this.dropStream();
      if (!isEnded || input.length - consumed <= TAIL.length) {
        finish(null, parts.length === 0 ? output : Buffer.concat([...parts, output]));
        return;
      }
      if (finalBlocks === MAX_FINAL_BLOCKS) {
        finish(new ProtocolError(CloseCode.PolicyViolation, 'Too many final blocks'), NO_BYTES);
        return;
      }
      parts.push(output);
      const rest = input.subarray(consumed);
      // It takes nothing at all if the message before ended it, with the last byte of its tail.
      const found = consumed === 0 ? finalBlocks : finalBlocks + 1;
      this.inflateFrom(rest, parts, size + output.length, found, finish);
    });
  }
}

function createStream(windowBits: number, chunkSize: number): ZlibStream {
  return new ZlibStream(createInflateRaw({ windowBits, chunkSize, flush: constants.Z_SYNC_FLUSH }));
}

function translate(error: Error & { code?: unknown }, maxMessageSize: number): Error {
  if (error.code === 'Z_DATA_ERROR') return invalidData();
  if (error instanceof ProtocolError && error.closeCode === CloseCode.MessageTooBig) {
    return new ProtocolError(error.closeCode, `Message larger than ${maxMessageSize} bytes`);
  }
  return error;
}

function invalidData(): ProtocolError {
  return new ProtocolError(CloseCode.InvalidPayload, 'Invalid compressed data');
}
