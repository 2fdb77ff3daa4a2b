import { lanes } from '../apps/faults.app.js';
import { type Ends, endOf, expectEcho, roundTrips, useFaultsApp } from '../apps/faults-sockets.js';
import { encodeFrame, type RawSocket, SocketEnded } from '../support/raw-client.js';
import { transports } from '../support/transports.js';

const CHUNK = 64 * 1024;
const MAX_BUFFERED = 256 * 1024;

/** Fills every buffer on the way to the client, up to the mark. */
async function fill({ connection }: Ends, neighbour: RawSocket): Promise<number> {
  const data = Buffer.alloc(CHUNK);
  let sent = 1;
  while (connection.send(data)) {
    sent++;
    await roundTrips(neighbour, 1);
  }
  return sent;
}

/** The smallest marks are below what a stream of Node itself lets wait without a word. */
describe.each(transports)('marks of any size over %s', (transport) => {
  describe.each([1, 1024, 20_000, 100_000])('of %d bytes', (maxBuffered) => {
    const { open } = useFaultsApp(transport, { maxBuffered });

    it.each(lanes)('do not stop an echo on $lane', async ({ path, say }) => {
      const { client } = await open(path);
      const texts = [1, 500, 5_000, 50_000, 500_000, 7].map((size) => say('x'.repeat(size)));
      for (const text of texts) await expectEcho(client, text);
      client.sendBytes(Buffer.concat(texts.map((payload) => encodeFrame({ payload }))));
      for (const text of texts) {
        expect(String((await client.nextMessage()).data) === text).toBe(true);
      }
      client.close(1000);
      await client.ended();
    });

    it.each(lanes)('let a client read on that had stopped, on $lane', async ({ path, say }) => {
      const { client } = await open(path);
      client.pause();
      const texts = Array.from({ length: 100 }, (_, index) => say(`${index} `.padEnd(30_000)));
      for (const payload of texts) client.sendFrame({ payload });
      client.resume();
      for (const text of texts) {
        expect(String((await client.nextMessage()).data) === text).toBe(true);
      }
      client.close(1000);
      await client.ended();
    });
  });
});

describe.each(transports)('a consumer that is too slow over %s', (transport) => {
  describe('and is to be closed', () => {
    const { openOnOne } = useFaultsApp(transport, {
      maxBuffered: MAX_BUFFERED,
      closeTimeout: 2000,
    });

    it('is closed with 1013 behind what waits', async () => {
      const [slow, other] = await openOnOne(2, '/raw');
      slow.client.pause();
      const sent = await fill(slow, other.client);
      expect(slow.connection.send('one too many')).toBe(false);
      expect(slow.connection.isOpen).toBe(false);

      slow.client.resume();
      for (let index = 0; index < sent; index++) await slow.client.nextMessage();
      await expect(slow.client.nextMessage()).rejects.toThrow(SocketEnded);
      expect(await slow.client.closeFrame()).toEqual({ code: 1013, reason: 'Slow consumer' });
      slow.client.close(1013);
      expect(await endOf(slow)).toMatchObject({ code: 1013, wasClean: true, endedBy: 'server' });
      await expectEcho(other.client);
      other.client.destroy();
    });

    it('is terminated if it does not even read that', async () => {
      const [slow, other] = await openOnOne(2, '/raw');
      slow.client.pause();
      await fill(slow, other.client);
      slow.connection.send('one too many');
      expect(await endOf(slow)).toMatchObject({ code: 1013, wasClean: false, endedBy: 'server' });
      await expectEcho(other.client);
      slow.client.destroy();
      other.client.destroy();
    });
  });

  describe('and is to miss messages', () => {
    const { openOnOne } = useFaultsApp(transport, {
      maxBuffered: MAX_BUFFERED,
      slowConsumer: 'drop',
    });

    it('misses those that do not fit, and gets the later ones', async () => {
      const [slow, other] = await openOnOne(2, '/raw');
      const { client, connection } = slow;
      client.pause();
      const sent = await fill(slow, other.client);
      for (let index = 0; index < 10; index++) expect(connection.send('dropped')).toBe(false);
      const drained = connection.drained();
      client.resume();
      await drained;
      expect(connection.send('later')).toBe(true);
      for (let index = 0; index < sent; index++) {
        expect((await client.nextMessage()).data.length).toBe(CHUNK);
      }
      expect(String((await client.nextMessage()).data)).toBe('later');
      expect(connection.isOpen).toBe(true);
      client.destroy();
      other.client.destroy();
    });
  });
});
