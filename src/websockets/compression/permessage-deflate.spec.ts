import { negotiate } from './negotiation.js';
import { PerMessageDeflate } from './permessage-deflate.js';
import { compressible, promised, seededRandom, wsClient } from './testing/codecs.js';

const MAX_MESSAGE_SIZE = 1024 * 1024;
const defaults = { threshold: 0, serverMaxWindowBits: 15, serverNoContextTakeover: false };

const takeovers = [
  '',
  '; server_no_context_takeover',
  '; client_no_context_takeover',
  '; server_no_context_takeover; client_no_context_takeover',
];
const windows = [
  '',
  '; client_max_window_bits',
  ...[9, 10, 11, 12, 13, 14, 15].map((bits) => `; server_max_window_bits=${bits}`),
  ...[8, 9, 10, 11, 12, 13, 14, 15].map((bits) => `; client_max_window_bits=${bits}`),
  '; server_max_window_bits=9; client_max_window_bits=8',
];
const offers = takeovers.flatMap((takeover) =>
  windows.map((window) => `permessage-deflate${takeover}${window}`),
);

function messages(seed: number): Buffer[] {
  const random = seededRandom(seed);
  const sizes = [5, 0, 1, 100, 0, 0, 3000, 70_000, 17, 8188, 16_384, 300];
  return sizes.map((size) => compressible(size, random));
}

describe('PerMessageDeflate', () => {
  it.each(offers)('understands ws, and ws it, on %j', async (offer) => {
    const negotiated = negotiate(offer, defaults)!;
    const server = new PerMessageDeflate(negotiated, MAX_MESSAGE_SIZE);
    const client = wsClient(negotiated.response);
    for (const message of messages(offer.length)) {
      const down = await promised((done) => server.deflate(message, done));
      const received = await promised((done) => client.decompress(down, true, done));
      expect(received.equals(message)).toBe(true);
      const up = await promised((done) => client.compress(message, true, done));
      const inflated = await promised((done) => server.inflate(up, done));
      expect(inflated.equals(message)).toBe(true);
    }
    client.cleanup();
    server.close();
  });

  it('answers in order, however many messages are under way', async () => {
    const pairs = offers.slice(0, 40).map((offer) => {
      const negotiated = negotiate(offer, defaults)!;
      const server = new PerMessageDeflate(negotiated, MAX_MESSAGE_SIZE);
      return { server, client: wsClient(negotiated.response) };
    });
    const sent = messages(1);
    const received = await Promise.all(
      pairs.map(async ({ server, client }) => {
        const payloads: Buffer[] = [];
        await Promise.all(
          sent.map((message) =>
            promised((done) => server.deflate(message, done)).then((data) => payloads.push(data)),
          ),
        );
        const inflated: Buffer[] = [];
        for (const payload of payloads) {
          inflated.push(await promised((done) => client.decompress(payload, true, done)));
        }
        client.cleanup();
        server.close();
        return inflated;
      }),
    );
    for (const inflated of received) {
      expect(Buffer.concat(inflated).equals(Buffer.concat(sent))).toBe(true);
      expect(inflated.map((data) => data.length)).toEqual(sent.map((data) => data.length));
    }
  });

  it('tells what is under way', async () => {
    const server = new PerMessageDeflate(negotiate('permessage-deflate', defaults)!, 100);
    expect([server.isDeflateIdle, server.isInflateIdle]).toEqual([true, true]);
    const done = promised((done) => server.deflate(Buffer.from('Hello'), done));
    expect([server.isDeflateIdle, server.isInflateIdle]).toEqual([false, true]);
    const payload = await done;
    expect(server.isDeflateIdle).toBe(true);
    const inflated = promised((done) => server.inflate(payload, done));
    expect([server.isDeflateIdle, server.isInflateIdle]).toEqual([true, false]);
    expect((await inflated).toString()).toBe('Hello');
    expect(server.isInflateIdle).toBe(true);
    server.close();
  });

  it.each(takeovers)('never calls back after close%s', async (takeover) => {
    const negotiated = negotiate(`permessage-deflate${takeover}`, defaults)!;
    const client = wsClient(negotiated.response);
    const message = compressible(500_000, seededRandom(2));
    const payload = await promised((done) => client.compress(message, true, done));
    let called = 0;
    const count = () => void called++;
    for (const delay of [0, 0, 1, 2, 4]) {
      const server = new PerMessageDeflate(negotiated, MAX_MESSAGE_SIZE);
      for (let index = 0; index < 3; index++) {
        server.deflate(message, count);
        server.deflate(Buffer.alloc(0), count);
        server.inflate(payload, count);
      }
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
      called = 0;
      server.close();
      server.close();
      server.deflate(message, count);
      server.inflate(payload, count);
      expect([server.isDeflateIdle, server.isInflateIdle]).toEqual([true, true]);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(called).toBe(0);
    }
    client.cleanup();
    // What was aborted gave its place in the process-wide limit back.
    const server = new PerMessageDeflate(negotiated, MAX_MESSAGE_SIZE);
    const inflated = await promised((done) => server.inflate(payload, done));
    expect(inflated.equals(message)).toBe(true);
    server.close();
  });

  it('can be closed by a callback', async () => {
    const server = new PerMessageDeflate(negotiate('permessage-deflate', defaults)!, 100);
    const order: string[] = [];
    server.deflate(Buffer.from('a'), () => {
      order.push('a');
      server.close();
    });
    server.deflate(Buffer.from('b'), () => order.push('b'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(order).toEqual(['a']);
  });
});
