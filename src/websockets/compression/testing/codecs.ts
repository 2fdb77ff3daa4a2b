import * as wsModule from 'ws';
import type { CodecCallback } from '../message-codec.js';

/** What the tests use of ws that its types leave out. */
interface WsDeflate {
  accept(offers: Record<string, unknown>[]): unknown;
  compress(data: Buffer, isFinal: boolean, callback: CodecCallback): void;
  decompress(data: Buffer, isFinal: boolean, callback: CodecCallback): void;
  cleanup(): void;
}

const ws = wsModule as unknown as {
  PerMessageDeflate: new (options: { isServer: boolean; threshold: number }) => WsDeflate;
  extension: { parse(header: string): Record<string, Record<string, unknown>[]> };
};

/** ws as the client that got `response`. */
export function wsClient(response: string): WsDeflate {
  const client = new ws.PerMessageDeflate({ isServer: false, threshold: 0 });
  client.accept(ws.extension.parse(response)['permessage-deflate']);
  return client;
}

/** Calls a codec's method and resolves with what its callback gets. */
export function promised(call: (callback: CodecCallback) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    call((error, data) => (error === null || error === undefined ? resolve(data) : reject(error)));
  });
}

/** Numbers from 0 up to `below`, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Bytes that compress: runs of random bytes and copies of what came up to 40,000 bytes before. */
export function compressible(size: number, random: (below: number) => number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size;) {
    const length = Math.min(size - at, 1 + random(60));
    const back = random(40_000);
    const isCopy = back > 0 && back <= at && random(5) > 0;
    for (let index = 0; index < length; index++, at++) {
      bytes[at] = isCopy ? bytes[at - back] : random(256);
    }
  }
  return bytes;
}
