import { constants, createDeflateRaw, deflateRawSync } from 'node:zlib';
import { ProtocolError } from '../protocol/protocol-error.js';
import { Inflater } from './inflater.js';
import { compressible, promised, seededRandom, wsClient } from './testing/codecs.js';

const MIB = 1024 * 1024;
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

const makeInflater = (options: Partial<ConstructorParameters<typeof Inflater>[0]> = {}) =>
  new Inflater({ windowBits: 15, noContextTakeover: false, maxMessageSize: MIB, ...options });

/** A message on its own, with the tail cut off. */
function deflated(data: Buffer): Buffer {
  return deflateRawSync(data, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
}

/** The code that the connection would close with. */
async function closeCodeOf(inflater: Inflater, payload: Buffer): Promise<number> {
  const error: unknown = await promised((done) => inflater.inflate(payload, done)).catch(
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProtocolError))
    throw new Error('Expected a ProtocolError', { cause: error });
  return error.closeCode;
}

describe.each([false, true])('Inflater, noContextTakeover %p', (noContextTakeover) => {
  it.each([
    ['compressed with fixed codes', 'f248cdc9c90700', 'Hello'],
    ['in a block without compression', '000500faff48656c6c6f00', 'Hello'],
    ['in a final block', 'f348cdc9c9070000', 'Hello'],
    ['in a final block without the octet after it', 'f348cdc9c90700', 'Hello'],
    ['in two blocks', 'f248050000 00ffff cac9c90700', 'Hello'],
    ['in two final blocks', '010200fdff4865 010300fcff6c6c6f 00', 'Hello'],
    ['in a final block and another', '010200fdff4865 000300fcff6c6c6f 00', 'Hello'],
    ['with several flushes', 'f248cdc9c90700 0000ffff 000000ffff 000000ffff 00', 'Hello'],
    ['empty: an empty block', '00', ''],
    ['empty: fixed codes', '0200', ''],
    ['empty: a final block', '0300', ''],
    ['empty: a final block and the octet after it', '030000', ''],
    ['empty: several flushes', '000000ffff 000000ffff 00', ''],
  ])('reads a message %s, again and again', async (_, payload, expected) => {
    const inflater = makeInflater({ noContextTakeover });
    for (let index = 0; index < 3; index++) {
      const data = await promised((done) => inflater.inflate(hex(payload), done));
      expect(data.toString()).toBe(expected);
    }
    inflater.close();
  });

  it.each([
    ['nothing at all', ''],
    ['a reserved block type', '06'],
    ['lengths that do not match', '000500000048656c6c6f'],
    ['a distance too far back', 'f200110000'],
    ['text', Buffer.from('not compressed').toString('hex')],
    ['noise', 'ffffffffffffffff'],
  ])('reports 1007 for %s', async (_, payload) => {
    expect(await closeCodeOf(makeInflater({ noContextTakeover }), hex(payload))).toBe(1007);
  });

  it('takes a message of just the largest size', async () => {
    for (const maxMessageSize of [1, 8192, 16_384, 100_000]) {
      const inflater = makeInflater({ noContextTakeover, maxMessageSize });
      const message = Buffer.alloc(maxMessageSize, 'a');
      const data = await promised((done) => inflater.inflate(deflated(message), done));
      expect(data.equals(message)).toBe(true);
      const larger = deflated(Buffer.alloc(maxMessageSize + 1, 'a'));
      expect(await closeCodeOf(inflater, larger)).toBe(1009);
    }
  });

  it('counts what comes before and after a final block together', async () => {
    const inflater = makeInflater({ noContextTakeover, maxMessageSize: 5 });
    expect(await closeCodeOf(inflater, hex('010300fcff486565 000300fcff6c6c6f 00'))).toBe(1009);
  });

  it('stops a bomb before it has taken memory', async () => {
    const bomb = deflated(Buffer.alloc(64 * MIB));
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
    }, 1);
    for (let index = 0; index < 20; index++) {
      expect(await closeCodeOf(makeInflater({ noContextTakeover }), bomb)).toBe(1009);
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
    }
    clearInterval(watch);
    // 20 bombs of 1 MiB and a copy of each payload, if nothing is collected in between.
    expect(peak).toBeLessThan(20 * (MIB + bomb.length + 64 * 1024));
  });

  it('does not let final blocks keep the processor busy', async () => {
    const inflater = makeInflater({ noContextTakeover });
    const allowed = Buffer.from('0300'.repeat(16) + '00', 'hex');
    expect((await promised((done) => inflater.inflate(allowed, done))).length).toBe(0);
    const start = performance.now();
    const tooMany = Buffer.from('0300'.repeat(500_000), 'hex');
    expect(await closeCodeOf(inflater, tooMany)).toBe(1008);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('takes no more messages after an error, nor calls back for those that wait', async () => {
    const inflater = makeInflater({ noContextTakeover });
    const results: (string | undefined)[] = [];
    const note = (error: Error | null, data: Buffer) =>
      results.push(error === null ? data.toString() : undefined);
    inflater.inflate(hex('f248cdc9c90700'), note);
    inflater.inflate(hex('06'), note);
    inflater.inflate(hex('f248cdc9c90700'), note);
    await new Promise((resolve) => setTimeout(resolve, 50));
    inflater.inflate(hex('f248cdc9c90700'), note);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(results).toEqual(['Hello', undefined]);
  });

  it('leaves nothing of an error to other connections', async () => {
    for (let index = 0; index < 30; index++) {
      expect(await closeCodeOf(makeInflater({ noContextTakeover }), hex('06'))).toBe(1007);
      const inflater = makeInflater({ noContextTakeover });
      const data = await promised((done) => inflater.inflate(hex('f248cdc9c90700'), done));
      expect(data.toString()).toBe('Hello');
      inflater.close();
    }
  });

  it('never crashes, hangs or exceeds its limit on corrupt data', async () => {
    const random = seededRandom(7);
    const codes = new Map<unknown, number>();
    for (let round = 0; round < 200; round++) {
      const inflater = makeInflater({ noContextTakeover, maxMessageSize: 50_000 });
      const payload = deflated(compressible(random(20_000), random));
      for (let flips = random(4); flips >= 0; flips--) {
        payload[random(payload.length)] ^= 1 << random(8);
      }
      const cut = random(3) === 0 ? payload.subarray(0, random(payload.length + 1)) : payload;
      const outcome = await promised((done) => inflater.inflate(cut, done)).then(
        (data) => {
          expect(data.length).toBeLessThanOrEqual(50_000);
          return 0;
        },
        (error: unknown) => (error instanceof ProtocolError ? error.closeCode : error),
      );
      codes.set(outcome, (codes.get(outcome) ?? 0) + 1);
      inflater.close();
    }
    codes.delete(0);
    codes.delete(1007);
    codes.delete(1008);
    codes.delete(1009);
    expect([...codes]).toEqual([]);
  });

  it('reads random messages in random blocks', async () => {
    const random = seededRandom(8);
    for (let round = 0; round < 10; round++) {
      const inflater = makeInflater({ noContextTakeover });
      const deflate = createDeflateRaw({ level: random(10), memLevel: 1 + random(9) });
      const chunks: Buffer[] = [];
      deflate.on('data', (chunk: Buffer) => chunks.push(chunk));
      const flush = (kind: number) =>
        new Promise<void>((resolve) => deflate.flush(kind, () => resolve()));
      for (let index = 0; index < 5; index++) {
        const parts = Array.from({ length: 1 + random(5) }, () =>
          compressible(random(30_000), random),
        );
        for (const part of parts) {
          deflate.write(part);
          const { Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_PARTIAL_FLUSH, Z_BLOCK } = constants;
          await flush([Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_PARTIAL_FLUSH, Z_BLOCK][random(4)]);
        }
        // zlib leaves out a flush right behind another one: both are full stops of their own.
        deflate.write(Buffer.from([index]));
        await flush(constants.Z_SYNC_FLUSH);
        const payload = Buffer.concat(chunks).subarray(0, -4);
        chunks.length = 0;
        const data = await promised((done) => inflater.inflate(payload, done));
        expect(data.equals(Buffer.concat([...parts, Buffer.from([index])]))).toBe(true);
        if (noContextTakeover) deflate.reset();
      }
      deflate.close();
      inflater.close();
    }
  });
});

describe('Inflater', () => {
  it('keeps the window over messages, also those that inflate to nothing', async () => {
    const inflater = makeInflater();
    const read = async (payload: string) =>
      (await promised((done) => inflater.inflate(hex(payload), done))).toString();
    expect(await read('f248cdc9c90700')).toBe('Hello');
    expect(await read('00')).toBe('');
    expect(await read('f200110000')).toBe('Hello');
    inflater.close();
  });

  it('forgets the window without context takeover', async () => {
    const inflater = makeInflater({ noContextTakeover: true });
    await promised((done) => inflater.inflate(hex('f248cdc9c90700'), done));
    expect(await closeCodeOf(inflater, hex('f200110000'))).toBe(1007);
  });

  it('reads a peer whose zlib made 9 of the 8 it promised', async () => {
    const inflater = makeInflater({ windowBits: 8 });
    const message = compressible(20_000, seededRandom(9));
    const client = wsClient('permessage-deflate; client_max_window_bits=8');
    for (let index = 0; index < 3; index++) {
      const payload = await promised((done) => client.compress(message, true, done));
      const data = await promised((done) => inflater.inflate(payload, done));
      expect(data.equals(message)).toBe(true);
    }
    client.cleanup();
    inflater.close();
  });

  it('refuses a peer that goes beyond the window it promised', async () => {
    const inflater = makeInflater({ windowBits: 9 });
    const noise = compressible(4000, () => 0).map((_, index) => (index * 7919) >> 3);
    const first = deflated(Buffer.concat([Buffer.from(noise), Buffer.from(noise)]));
    const second = deflateRawSync(Buffer.from(noise), {
      finishFlush: constants.Z_SYNC_FLUSH,
      dictionary: Buffer.concat([Buffer.from(noise), Buffer.from(noise)]),
    }).subarray(0, -4);
    await promised((done) => inflater.inflate(first, done));
    expect(await closeCodeOf(inflater, second)).toBe(1007);
  });
});
