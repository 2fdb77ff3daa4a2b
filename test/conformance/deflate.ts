import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { RawSocket } from '../support/raw-client.js';
import { type Assemble, NotConformant } from './run-case.js';

/** How one side compresses. */
export interface DeflateParameters {
  /** Base-2 logarithm of the window; default 15. */
  readonly windowBits?: number;
  readonly noContextTakeover?: boolean;
  /** As zlib's; default 6. */
  readonly level?: number;
}

/** The end of a block, which is cut off (RFC 7692, section 7.2.1). */
const TAIL = Buffer.of(0x00, 0x00, 0xff, 0xff);

/** zlib looks back as far as its window plus what it has put out in one go. */
const SMALLEST_CHUNK = 64;

/** Compresses messages for the server, one after the other. */
export function createDeflater({
  windowBits = 15,
  noContextTakeover = false,
  level = 6,
}: DeflateParameters = {}): (message: Uint8Array) => Buffer {
  let window = Buffer.alloc(0);
  return (message) => {
    const deflated = deflateRawSync(message, {
      windowBits,
      level,
      finishFlush: constants.Z_SYNC_FLUSH,
      ...(window.length > 0 && { dictionary: window }),
    });
    if (!noContextTakeover) {
      window = Buffer.concat([window, message]).subarray(-(2 ** windowBits));
    }
    return deflated.subarray(0, -TAIL.length);
  };
}

/**
 * Inflates what the server compressed, with no larger window than was agreed on, and with nothing
 * from earlier messages where that was excluded.
 *
 * @param isCompressed whether messages have to be compressed; undefined leaves it to the server
 */
export function createAssembler(
  { windowBits = 15, noContextTakeover = false }: DeflateParameters,
  isCompressed?: (size: number) => boolean,
): Assemble {
  let window = Buffer.alloc(0);
  return (frames) => {
    const [first] = frames;
    const payload = Buffer.concat(frames.map((frame) => frame.payload));
    const data = first.rsv1 ? inflate(payload) : payload;
    if (isCompressed && isCompressed(data.length) !== first.rsv1) {
      throw new NotConformant(`a message of ${data.length} bytes came with RSV1 ${first.rsv1}`);
    }
    return data;
  };

  function inflate(payload: Buffer): Buffer {
    const data = inflateRawSync(Buffer.concat([payload, TAIL]), {
      windowBits,
      finishFlush: constants.Z_SYNC_FLUSH,
      ...(windowBits < 15 && { chunkSize: SMALLEST_CHUNK }),
      ...(window.length > 0 && { dictionary: window }),
    });
    if (!noContextTakeover) window = Buffer.concat([window, data]).subarray(-(2 ** windowBits));
    return data;
  }
}

/** What the server promised about its own compression, in its answer to the handshake. */
export function serverParameters({ handshake }: RawSocket): DeflateParameters {
  const answer = handshake.extensions ?? '';
  if (!/^permessage-deflate\b/.test(answer)) {
    throw new NotConformant(`Sec-WebSocket-Extensions is "${answer}", not permessage-deflate`);
  }
  const bits = /\bserver_max_window_bits=(\d+)/.exec(answer)?.[1];
  return {
    windowBits: bits === undefined ? 15 : Number(bits),
    noContextTakeover: answer.includes('server_no_context_takeover'),
  };
}
