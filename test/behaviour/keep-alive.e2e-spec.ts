import { lanes, unreadPaths } from '../apps/faults.app.js';
import {
  type Ends,
  endOf,
  expectEcho,
  roundTrips,
  standstill,
  useFaultsApp,
} from '../apps/faults-sockets.js';
import { Opcode, type RawSocket } from '../support/raw-client.js';
import { transports } from '../support/transports.js';

/** A peer that answers no Ping. */
const DEAF = { autoPong: false } as const;

const vanished = { code: 1006, reason: '', wasClean: false, endedBy: 'server' } as const;

/** More than Wren reads ahead while it waits for a Pong. */
const MANY = 32;
const MANY_SIZE = 32 * 1024;

/** Takes Pings until one does not come for ten times the interval, if that ever happens. */
async function untilNoPingComes(client: RawSocket): Promise<void> {
  for (let count = 0; count < MANY; count++) {
    const ping = await client.nextPing(300).catch(() => undefined);
    if (ping === undefined) return;
  }
}

/** The socket has gone from every list, and the peer was told nothing but the end. */
async function expectTerminated(session: Ends): Promise<void> {
  expect(await endOf(session)).toEqual(vanished);
  await expect(session.client.closeFrame()).rejects.toThrow('ended the socket');
}

describe.each(transports)('keep-alive over %s', (transport) => {
  describe('of a peer that answers', () => {
    const { open } = useFaultsApp(transport, { keepAliveInterval: 100, keepAliveTimeout: 60_000 });

    it.each(lanes)(
      'is an empty Ping after silence, again and again, on $lane',
      async ({ path }) => {
        const { client, connection } = await open(path);
        for (let count = 0; count < 4; count++) {
          expect((await client.nextPing()).length).toBe(0);
        }
        expect(connection.isOpen).toBe(true);
        client.close(1000);
        await client.ended();
        expect(await connection.closed).toMatchObject({ code: 1000, wasClean: true });
      },
    );

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

    it.each(lanes)(
      'ends one that reads nothing while it is sent much, on $lane',
      async ({ path }) => {
        const session = await open(path, DEAF);
        session.client.pause();
        session.connection.send(Buffer.alloc(16 * 1024 * 1024));
        expect(await endOf(session)).toEqual(vanished);
        session.client.destroy();
      },
    );

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
      const [talker, neighbour] = [await open('/raw', DEAF), await open('/raw')];
      const silent = await open('/raw', DEAF);
      talker.client.sendFrame({ fin: false, payload: 'to be ' });
      while (silent.connection.isOpen) {
        talker.client.sendFrame({ fin: false, opcode: Opcode.Continuation, payload: 'continued ' });
        await roundTrips(neighbour.client);
      }
      expect(talker.connection.isOpen).toBe(true);
      talker.client.destroy();
      neighbour.client.destroy();
    });
  });

  describe('of a peer whose messages nobody has read for long', () => {
    const { open } = useFaultsApp(transport, { keepAliveInterval: 30, keepAliveTimeout: 60_000 });

    it('goes on when they are read', async () => {
      const session = await open('/unread');
      const { client, connection } = session;
      for (let count = 0; count < MANY; count++) client.send(Buffer.alloc(MANY_SIZE));
      await untilNoPingComes(client);
      for (let count = 0; count < MANY; count++) {
        expect((await connection.receive())?.data.length).toBe(MANY_SIZE);
      }
      for (let count = 0; count < 3; count++) await client.nextPing();
      client.close(1000);
      expect(await connection.closed).toMatchObject({ code: 1000, wasClean: true });
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
