import { eventually } from '../apps/eventually.js';
import { lanes, unreadPaths } from '../apps/faults.app.js';
import {
  type Ends,
  endOf,
  expectEcho,
  standstill,
  useFaultsApp,
} from '../apps/faults-sockets.js';
import { transports } from '../support/transports.js';

/** A peer that answers no Ping. */
const DEAF = { autoPong: false } as const;

const vanished = { code: 1006, reason: '', wasClean: false, endedBy: 'server' } as const;

/** The socket has gone from every list, and the peer was told nothing but the end. */
async function expectTerminated(session: Ends): Promise<void> {
  expect(await endOf(session)).toEqual(vanished);
  await expect(session.client.closeFrame()).rejects.toThrow('ended the socket');
}

describe.each(transports)('keep-alive over %s', (transport) => {
  describe('of a peer that answers', () => {
    const { open } = useFaultsApp(transport, { keepAliveInterval: 100, keepAliveTimeout: 5_000 });

    it.each(lanes)('is an empty Ping after silence, again and again, on $lane', async ({ path }) => {
      const { client, connection } = await open(path);
      for (let count = 0; count < 4; count++) {
        expect((await client.nextPing()).length).toBe(0);
      }
      expect(connection.isOpen).toBe(true);
      client.close(1000);
      await client.ended();
      expect(await connection.closed).toMatchObject({ code: 1000, wasClean: true });
    });

    it.each(unreadPaths)('does not need $who', async ({ path }) => {
      const { client, connection } = await open(path);
      for (let count = 0; count < 4; count++) await client.nextPing();
      expect(connection.isOpen).toBe(true);
      client.destroy();
    });

    it.each(unreadPaths)('goes on after $who has left much unread', async ({ path }) => {
      const { client, connection } = await open(path);
      client.send(Buffer.alloc(200 * 1024));
      for (let count = 0; count < 4; count++) await client.nextPing();
      expect(connection.isOpen).toBe(true);
      client.destroy();
    });
  });

  describe('of a peer that has vanished', () => {
    const { open } = useFaultsApp(transport, { keepAliveInterval: 100, keepAliveTimeout: 200 });

    it.each(lanes)('ends it on $lane', async ({ path }) => {
      await expectTerminated(await open(path, DEAF));
    });

    it.each(unreadPaths)('ends it in spite of $who', async ({ path }) => {
      await expectTerminated(await open(path, DEAF));
    });

    it.each(unreadPaths)('ends it in spite of $who and left messages unread', async ({ path }) => {
      const session = await open(path, DEAF);
      for (const size of [1, 1000, 100_000]) session.client.send(Buffer.alloc(size));
      await expectTerminated(session);
    });

    it.each(lanes)('ends one that reads nothing while it is sent much, on $lane', async ({ path }) => {
      const session = await open(path, DEAF);
      session.client.pause();
      session.connection.send(Buffer.alloc(16 * 1024 * 1024));
      expect(await endOf(session)).toEqual(vanished);
      session.client.destroy();
    });

    it('ends one that is in the middle of a message', async () => {
      const session = await open('/raw', DEAF);
      session.client.sendFrame({ fin: false, payload: 'the rest never comes' });
      await expectTerminated(session);
    });

    it('takes any traffic as life, while a silent peer goes', async () => {
      const talker = await open('/raw', DEAF);
      for (let count = 0; count < 3; count++) {
        const silent = await open('/raw', DEAF);
        const { closed } = silent.connection;
        let isGone = false;
        void closed.then(() => (isGone = true));
        while (!isGone) await expectEcho(talker.client);
        expect(await closed).toEqual(vanished);
      }
      expect(talker.connection.isOpen).toBe(true);
      talker.client.destroy();
    });

    it('takes parts of a message as life', async () => {
      const talker = await open('/raw', DEAF);
      const silent = await open('/raw', DEAF);
      let isGone = false;
      void silent.connection.closed.then(() => (isGone = true));
      await eventually('the silent one to go', () => {
        talker.client.sendFrame({ fin: false, opcode: 0x9 & 0, payload: '' });
        return isGone;
      });
      talker.client.destroy();
    });
  });

  describe('without an end', () => {
    const { open } = useFaultsApp(transport, { keepAliveInterval: 50, keepAliveTimeout: 0 });

    it('goes on to ask a peer that never answers', async () => {
      const { client, connection } = await open('/raw', DEAF);
      for (let count = 0; count < 5; count++) await client.nextPing();
      await expectEcho(client);
      expect(connection.isOpen).toBe(true);
      client.destroy();
    });
  });

  describe('switched off', () => {
    const { open } = useFaultsApp(transport, { keepAliveInterval: 0, keepAliveTimeout: 50 });

    it('asks nothing and ends nothing', async () => {
      const { client, connection } = await open('/raw', DEAF);
      const other = await open('/raw');
      await standstill(other.client, () => client.pings.length);
      expect(client.pings).toEqual([]);
      expect(connection.isOpen).toBe(true);
      client.destroy();
    });
  });
});
