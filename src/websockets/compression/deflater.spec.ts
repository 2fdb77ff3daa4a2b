import { constants, createInflateRaw, inflateRawSync } from 'node:zlib';
import { Deflater } from './deflater.js';
import { compressible, promised, seededRandom } from './testing/codecs.js';

const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/** All payloads as one DEFLATE stream, as a reader sees it that keeps its window. */
async function inflateAll(payloads: Buffer[], windowBits: number): Promise<Buffer> {
  const zlib = createInflateRaw({ windowBits, flush: constants.Z_SYNC_FLUSH });
  const chunks: Buffer[] = [];
  zlib.on('data', (chunk: Buffer) => chunks.push(chunk));
  for (const payload of payloads) {
    await new Promise((resolve) => zlib.write(Buffer.concat([payload, TAIL]), resolve));
  }
  zlib.close();
  return Buffer.concat(chunks);
}

const inflateOne = (payload: Buffer, windowBits: number) =>
  inflateRawSync(Buffer.concat([payload, TAIL]), {
    windowBits,
    finishFlush: constants.Z_SYNC_FLUSH,
  });

describe('Deflater', () => {
  it.each([9, 10, 11, 12, 13, 14, 15])(
    'keeps within a window of 2^%i bytes',
    async (windowBits) => {
      const random = seededRandom(windowBits);
      const messages = [100, 40_000, 5, 200_000, 0, 1000].map((size) => compressible(size, random));

      const keeping = new Deflater({ windowBits, noContextTakeover: false });
      const payloads: Buffer[] = [];
      for (const message of messages) {
        payloads.push(await promised((done) => keeping.deflate(message, done)));
      }
      const inflated = await inflateAll(payloads, windowBits);
      expect(inflated.equals(Buffer.concat(messages))).toBe(true);
      keeping.close();

      const forgetting = new Deflater({ windowBits, noContextTakeover: true });
      for (const message of messages) {
        const payload = await promised((done) => forgetting.deflate(message, done));
        expect(inflateOne(payload, windowBits).equals(message)).toBe(true);
      }
      forgetting.close();
    },
  );

  it('uses what went before only with context takeover', async () => {
    const message = compressible(2000, seededRandom(3));
    const sizes: number[] = [];
    for (const noContextTakeover of [false, true]) {
      const deflater = new Deflater({ windowBits: 15, noContextTakeover });
      for (let index = 0; index < 3; index++) {
        sizes.push((await promised((done) => deflater.deflate(message, done))).length);
      }
      deflater.close();
    }
    expect(sizes[1]).toBeLessThan(50);
    expect(sizes[2]).toBeLessThan(50);
    expect(sizes[3]).toBe(sizes[0]);
    expect(sizes.slice(3)).toEqual([sizes[0], sizes[0], sizes[0]]);
  });

  it('never puts what one connection sent into the payload of another', async () => {
    const secret = compressible(2000, seededRandom(4));
    const first = new Deflater({ windowBits: 15, noContextTakeover: true });
    const alone = await promised((done) => first.deflate(secret, done));
    const second = new Deflater({ windowBits: 15, noContextTakeover: true });
    const again = await promised((done) => second.deflate(secret, done));
    expect(again.equals(alone)).toBe(true);
  });

  it('sends an empty message as one byte (RFC 7692, section 7.2.3.6)', async () => {
    const deflater = new Deflater({ windowBits: 15, noContextTakeover: false });
    for (let index = 0; index < 3; index++) {
      const payload = await promised((done) => deflater.deflate(Buffer.alloc(0), done));
      expect(payload).toEqual(Buffer.from([0x00]));
    }
  });

  it('writes the examples of RFC 7692, section 7.2.3', async () => {
    const deflater = new Deflater({ windowBits: 15, noContextTakeover: false });
    const hello = Buffer.from('Hello');
    const first = await promised((done) => deflater.deflate(hello, done));
    expect(first.toString('hex')).toBe('f248cdc9c90700');
    const second = await promised((done) => deflater.deflate(hello, done));
    expect(second.toString('hex')).toBe('f200110000');
    deflater.close();
  });

  it('never calls back at once, and keeps the order of empty and other messages', async () => {
    const deflater = new Deflater({ windowBits: 15, noContextTakeover: true });
    const order: number[] = [];
    const sizes = [50_000, 0, 10, 0, 0, 20_000, 1];
    const all = sizes.map((size, index) =>
      promised((done) => deflater.deflate(Buffer.alloc(size, index), done)).then(() =>
        order.push(index),
      ),
    );
    expect(order).toEqual([]);
    await Promise.all(all);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('takes a Uint8Array that is no Buffer', async () => {
    const deflater = new Deflater({ windowBits: 15, noContextTakeover: true });
    const bytes = new Uint8Array([9, 72, 105, 9]).subarray(1, 3);
    const payload = await promised((done) => deflater.deflate(bytes, done));
    expect(inflateOne(payload, 15).toString()).toBe('Hi');
  });

  it('ends in the tail whatever size the output has around the chunks of zlib', async () => {
    const random = seededRandom(5);
    const noise = Buffer.from(Array.from({ length: 9000 }, () => random(256)));
    const deflater = new Deflater({ windowBits: 15, noContextTakeover: false });
    const payloads: Buffer[] = [];
    const sent: Buffer[] = [];
    for (let size = 8150; size < 8200; size++) {
      sent.push(noise.subarray(0, size));
      payloads.push(await promised((done) => deflater.deflate(noise.subarray(0, size), done)));
    }
    expect((await inflateAll(payloads, 15)).equals(Buffer.concat(sent))).toBe(true);
    deflater.close();

    const alone = new Deflater({ windowBits: 15, noContextTakeover: true });
    for (let size = 16_340; size < 16_400; size++) {
      const message = Buffer.from(Array.from({ length: size }, () => random(256)));
      const payload = await promised((done) => alone.deflate(message, done));
      expect(inflateOne(payload, 15).equals(message)).toBe(true);
    }
  });

  it('holds no memory for a connection that never compresses', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const deflaters = Array.from(
      { length: 2000 },
      () => new Deflater({ windowBits: 15, noContextTakeover: false }),
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
    for (const deflater of deflaters) deflater.close();
  });

  it('shares streams among connections without context takeover', async () => {
    const message = compressible(3000, seededRandom(6));
    const before = process.memoryUsage().arrayBuffers;
    await Promise.all(
      Array.from({ length: 2000 }, () => {
        const deflater = new Deflater({ windowBits: 13, noContextTakeover: true });
        return promised((done) => deflater.deflate(message, done)).then(() => undefined);
      }),
    );
    // One output buffer for each of 2000 streams would be 32 MB, apart from zlib's own memory.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  });
});
