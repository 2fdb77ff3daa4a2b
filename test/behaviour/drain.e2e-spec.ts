import { eventually } from '../apps/eventually.js';
import { cleanEnd, expectEcho } from '../apps/faults-sockets.js';
import { refusalOf } from '../apps/refusal-of.js';
import { connect, openSession, type RawSocket, request } from '../support/raw-client.js';
import { type Service, startService } from '../support/service.js';
import { tlsSettings } from '../support/certificates.js';
import {
  isHttp2,
  isTls,
  type Target,
  type TransportName,
  transports,
} from '../support/transports.js';

const SHUTDOWN = { code: 1001, reason: 'Server shutting down' };
const TEST_TIMEOUT_MS = 60_000;

/** A connection is closed each millisecond, so that these take a while, and time is enough. */
const MANY = 300;

async function start(transport: TransportName, shutdownTimeout: string): Promise<Service> {
  const settings = { SHUTDOWN_TIMEOUT: shutdownTimeout, LOG_LEVEL: 'debug' };
  return startService({ ...settings, ...(isTls(transport) && (await tlsSettings())) });
}

async function openMany(target: Target, count: number): Promise<RawSocket[]> {
  const session = isHttp2(target.transport) ? await openSession(target) : undefined;
  const sockets: RawSocket[] = [];
  for (let index = 0; index < count; index++) {
    const path = index % 2 === 0 ? '/ws' : '/connect';
    sockets.push(await (session?.connect(path) ?? connect(target, path)));
  }
  return sockets;
}

describe.each(transports)('drain over %s', (transport) => {
  it(
    'closes with 1001, one socket after the other, while the rest goes on',
    async () => {
      const service = await start(transport, '10s');
      const sockets = await openMany(service.targetFor(transport), MANY);
      const order: RawSocket[] = [];
      const closings = sockets.map(async (socket) => {
        expect(await socket.closeFrame()).toEqual(SHUTDOWN);
        order.push(socket);
      });
      const last = sockets[MANY - 1];
      service.kill('SIGTERM');
      await eventually('the first to be closed', () => order.length > 0);
      await expectEcho(last, 'not my turn yet');
      expect(order.length).toBeLessThan(MANY);

      await Promise.all(closings);
      for (const socket of sockets) socket.close(1001);
      for (const socket of sockets) {
        expect(await socket.ended()).toEqual({ how: cleanEnd(transport) });
      }
      expect(await service.exit()).toEqual({ code: 0, signal: null });
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'answers handshakes with 503 and Retry-After, and readiness with 503',
    async () => {
      const service = await start(transport, '6s');
      const target = service.targetFor(transport);
      const unanswered = await connect(target, '/ws');
      service.kill('SIGTERM');
      expect(await unanswered.closeFrame()).toEqual(SHUTDOWN);

      for (const path of ['/ws', '/connect', '/ping-pong']) {
        const refusal = await refusalOf(connect(target, path));
        expect(refusal.status).toBe(503);
        expect(refusal.headers['retry-after']).toMatch(/^\d+$/);
        expect(refusal.json()).toMatchObject({ message: 'Server shutting down' });
      }
      expect((await request(target, { path: '/health/ready' })).status).toBe(503);
      expect((await request(target, { path: '/health/live' })).status).toBe(200);
      unanswered.close(1001);
      expect(await service.exit()).toEqual({ code: 0, signal: null });
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'terminates those that do not answer, before its time is over',
    async () => {
      const service = await start(transport, '2s');
      const sockets = await openMany(service.targetFor(transport), 10);
      service.kill('SIGTERM');
      await Promise.all(sockets.map((socket) => socket.ended()));
      expect(await service.exit()).toEqual({ code: 0, signal: null });
      const warning = service.log.find(({ level }) => level === 'warn');
      expect(warning?.message).toBe('Terminating 10 connections that did not close');
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'ends at once without sockets',
    async () => {
      const service = await start(transport, '30s');
      expect(await service.stop()).toMatchObject({ code: 0, signal: null });
    },
    TEST_TIMEOUT_MS,
  );
});
