import { BRIEF, lanes, unreadPaths } from '../apps/faults.app.js';
import { endOf, expectEcho, roundTrips, standstill, useFaultsApp } from '../apps/faults-sockets.js';
import { Opcode } from '../support/raw-client.js';
import { transports } from '../support/transports.js';

const IDLE_TIMEOUT_MS = 300;

const idle = { code: 1001, reason: 'Idle timeout' } as const;

describe.each(transports)('the idle timeout over %s', (transport) => {
  describe('of the application', () => {
    const { open } = useFaultsApp(transport, { idleTimeout: IDLE_TIMEOUT_MS });

    it.each(lanes)('closes a socket without messages, on $lane', async ({ path }) => {
      const session = await open(path);
      expect(await session.client.closeFrame()).toEqual(idle);
      session.client.close(1001);
      expect(await endOf(session)).toEqual({ ...idle, wasClean: true, endedBy: 'server' });
    });

    it.each(lanes)('leaves a socket with messages alone, on $lane', async ({ path, say }) => {
      const busy = await open(path);
      for (let count = 0; count < 2; count++) {
        const silent = await open(path);
        while (silent.connection.isOpen) await expectEcho(busy.client, say('still here'));
        expect(await silent.client.closeFrame()).toEqual(idle);
      }
      expect(busy.connection.isOpen).toBe(true);
      busy.client.destroy();
    });

    it.each(unreadPaths)('counts messages that wait for $who', async ({ path }) => {
      const [busy, neighbour] = [await open(path), await open('/raw')];
      const silent = await open('/raw');
      while (silent.connection.isOpen) {
        busy.client.send('one more');
        await roundTrips(neighbour.client, 1);
      }
      expect(busy.connection.isOpen).toBe(true);
      busy.client.destroy();
      neighbour.client.destroy();
    });

    it('does not count Pings, Pongs and parts of a message', async () => {
      const [{ client, connection }, neighbour] = [await open('/raw'), await open('/raw')];
      client.sendFrame({ fin: false, payload: 'to be ' });
      while (connection.isOpen) {
        client.sendFrame({ opcode: Opcode.Pong });
        client.sendFrame({ fin: false, opcode: Opcode.Continuation, payload: 'continued ' });
        await roundTrips(neighbour.client);
      }
      expect(await client.closeFrame()).toEqual(idle);
      client.destroy();
      neighbour.client.destroy();
    });
  });

  describe('of a gateway', () => {
    const { open } = useFaultsApp(transport);

    it('holds for its sockets and no others', async () => {
      const [brief, other] = [await open('/brief'), await open('/raw')];
      expect(BRIEF.idleTimeout).toBe(IDLE_TIMEOUT_MS);
      expect(await brief.client.closeFrame()).toEqual(idle);
      expect(other.connection.isOpen).toBe(true);
      other.client.destroy();
    });
  });

  describe('switched off', () => {
    const { open } = useFaultsApp(transport, { idleTimeout: 0 });

    it('closes nothing', async () => {
      const [silent, busy] = [await open('/raw'), await open('/raw')];
      await standstill(busy.client, () => silent.connection.isOpen);
      expect(silent.connection.isOpen).toBe(true);
      silent.client.destroy();
    });
  });
});
