import { constants, createDeflateRaw, createInflateRaw, deflateRawSync } from 'node:zlib';
import { ZlibPool } from './zlib-pool.js';
import { ZlibStream } from './zlib-stream.js';

const CHUNK_BYTES = 16 * 1024;

interface Outcome {
  readonly error: Error | null;
  readonly output: Buffer;
  readonly consumed: number;
}

const run = (stream: ZlibStream, input: Uint8Array, maxSize: number) =>
  new Promise<Outcome>((resolve) => {
    stream.run(input, maxSize, (error, output, consumed) => resolve({ error, output, consumed }));
  });

const makeInflate = () =>
  createInflateRaw({ flush: constants.Z_SYNC_FLUSH, chunkSize: CHUNK_BYTES });

describe('ZlibStream', () => {
  it.each([1, 1000, CHUNK_BYTES, 100_000])(
    'inflates at most one chunk more than %i bytes',
    async (maxSize) => {
      const zlib = makeInflate();
      let inflated = 0;
      zlib.on('data', (chunk: Buffer) => (inflated += chunk.length));
      const stream = new ZlibStream(zlib);
      const { error } = await run(stream, deflateRawSync(Buffer.alloc(50_000_000)), maxSize);
      expect(error).toMatchObject({ closeCode: 1009 });
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(inflated).toBeLessThanOrEqual(maxSize + CHUNK_BYTES);
      expect(stream.isClosed).toBe(true);
    },
  );

  it('tells how much it consumed up to a final block', async () => {
    const stream = new ZlibStream(makeInflate());
    const input = Buffer.from('f348cdc9c907000102030405', 'hex');
    const { output, consumed } = await run(stream, input, 100);
    expect(output.toString()).toBe('Hello');
    expect(consumed).toBe(7);
    stream.close();
  });

  it('ends a job with an error when it is closed, once', async () => {
    const stream = new ZlibStream(makeInflate());
    const job = run(stream, deflateRawSync(Buffer.alloc(1_000_000)), Infinity);
    stream.close();
    stream.close();
    expect((await job).error).toBeInstanceOf(Error);
  });

  it('reports what zlib finds wrong, and is closed then', async () => {
    const stream = new ZlibStream(makeInflate());
    expect((await run(stream, Buffer.from([0x06]), 100)).error).toMatchObject({
      code: 'Z_DATA_ERROR',
    });
    expect(stream.isClosed).toBe(true);
  });
});

describe('ZlibPool', () => {
  const makePool = () => {
    const made: ZlibStream[] = [];
    const pool = new ZlibPool(() => {
      made.push(new ZlibStream(createDeflateRaw({ flush: constants.Z_SYNC_FLUSH })));
      return made.at(-1)!;
    });
    return { made, pool };
  };

  it('gives a stream out again, its window forgotten', async () => {
    const { made, pool } = makePool();
    const data = Buffer.from('Hello, hello, hello');
    const first = pool.take();
    const { output } = await run(first, data, Infinity);
    pool.give(first);
    const second = pool.take();
    expect(second).toBe(first);
    expect((await run(second, data, Infinity)).output).toEqual(output);
    expect(made).toHaveLength(1);
    second.close();
  });

  it('keeps ten at most, and none that was closed', () => {
    const { made, pool } = makePool();
    const taken = Array.from({ length: 15 }, () => pool.take());
    taken[0].close();
    for (const stream of taken) pool.give(stream);
    expect(made.filter((stream) => stream.isClosed)).toHaveLength(5);
    for (let index = 0; index < 10; index++) pool.take();
    expect(made).toHaveLength(15);
    pool.take();
    expect(made).toHaveLength(16);
    for (const stream of made) stream.close();
  });
});
