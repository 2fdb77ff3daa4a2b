import { once } from 'node:events';
import { constants } from 'node:http2';
import { setImmediate } from 'node:timers/promises';
import { expectEcho, standstill } from '../apps/faults-sockets.js';
import { noSocketIsOpen } from '../apps/open-sockets.js';
import { connect, openSession, type RawSession } from '../support/raw-client.js';
import { authorityOf, isHttp2, transports } from '../support/transports.js';
import { usePair } from '../support/use-service.js';

const TEST_TIMEOUT_MS = 120_000;
const MIB = 1024 * 1024;

/** What the service announces; documented in `src/server/http2-server.ts`. */
const ANNOUNCED = {
  enableConnectProtocol: true,
  initialWindowSize: MIB,
  maxConcurrentStreams: 1000,
  maxHeaderListSize: 16 * 1024,
};

/** More resets than any Node version lets pass in one go. */
const FLOOD = 20_000;

/** Opens and resets streams, until the server ends the connection or there were enough. */
async function flood({ http2, target }: RawSession): Promise<void> {
  for (let count = 0; count < FLOOD && !http2.destroyed && !http2.closed; count++) {
    const stream = http2.request({
      ':method': 'GET',
      ':scheme': 'http',
      ':authority': authorityOf(target),
      ':path': '/health/live',
    });
    stream.on('error', () => undefined);
    stream.close(constants.NGHTTP2_CANCEL);
    if (count % 50 === 0) await setImmediate();
  }
}

describe.each(transports.filter(isHttp2))('HTTP/2 resources over %s', (transport) => {
  const services = usePair({ WS_MAX_MESSAGE_SIZE: '16mb', WS_MAX_BUFFERED: '32mb' });
  const target = () => services().targetFor(transport);

  it('announces its limits', async () => {
    const session = await openSession(target());
    expect(session.http2.remoteSettings).toMatchObject(ANNOUNCED);
    await eventuallyWindow(session);
    session.destroy();
  });

  it(
    'ends the connection of a reset flood, and no other',
    async () => {
      const neighbour = await connect(target(), '/ws');
      const session = await openSession(target());
      const victim = await session.connect('/ws');
      const ended = victim.ended(60_000);
      await flood(session);
      await ended;
      await session.closed(60_000);
      await expectEcho(neighbour);
      neighbour.close(1000);
      await neighbour.ended();
      await noSocketIsOpen(target());
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'lets the sockets of a page that is left be reset at once, many of them',
    async () => {
      const session = await openSession(target());
      for (let page = 0; page < 2; page++) {
        const sockets = await Promise.all(
          Array.from({ length: 400 }, () => session.connect('/ws')),
        );
        for (const socket of sockets) socket.reset();
      }
      await expectEcho(await session.connect('/ws'));
      session.destroy();
      await noSocketIsOpen(target());
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'lets one more stream than it announced wait, and serves it in its turn',
    async () => {
      const session = await openSession(target());
      const sockets = [];
      while (sockets.length < ANNOUNCED.maxConcurrentStreams) {
        sockets.push(
          ...(await Promise.all(Array.from({ length: 100 }, () => session.connect('/ws')))),
        );
      }
      let isOpen = false;
      const oneMore = session.connect('/ws', { timeoutMs: 30_000 }).finally(() => (isOpen = true));
      for (const socket of sockets.slice(0, 20)) await expectEcho(socket);
      expect(isOpen).toBe(false);
      sockets[0].close(1000);
      await sockets[0].ended();
      await expectEcho(await oneMore);
      session.destroy();
      await noSocketIsOpen(target());
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'takes uploads of several MiB, and gives them back',
    async () => {
      const session = await openSession(target());
      const [socket, neighbour] = [await session.connect('/ws'), await session.connect('/ws')];
      const data = Buffer.alloc(12 * MIB, 'upload');
      socket.send(data);
      await expectEcho(neighbour);
      expect((await socket.nextMessage(60_000)).data.equals(data)).toBe(true);
      session.destroy();
      await noSocketIsOpen(target());
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'does not let many sockets that read nothing starve another on their connection',
    async () => {
      const session = await openSession(target());
      const neighbour = await session.connect('/ws');
      const idle = await Promise.all(Array.from({ length: 30 }, () => session.connect('/ws')));
      for (const socket of idle) {
        socket.pause();
        socket.send(Buffer.alloc(2 * MIB));
      }
      await standstill(neighbour, () => idle.map(({ unsent }) => unsent));
      await expectEcho(neighbour, 'x'.repeat(500_000));
      session.destroy();
      await noSocketIsOpen(target());
    },
    TEST_TIMEOUT_MS,
  );
});

/** The connection's own window is raised by a WINDOW_UPDATE behind the SETTINGS. */
async function eventuallyWindow({ http2 }: RawSession): Promise<void> {
  if ((http2.state.remoteWindowSize ?? 0) >= 16 * MIB) return;
  const ping = new Promise<void>((resolve) => http2.ping(() => resolve()));
  await Promise.race([ping, once(http2, 'close')]);
  expect(http2.state.remoteWindowSize).toBeGreaterThanOrEqual(16 * MIB);
}
