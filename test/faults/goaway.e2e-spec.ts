import { constants } from 'node:http2';
import { expectEcho } from '../apps/faults-sockets.js';
import { connect, openSession, type RawSession, type RawSocket } from '../support/raw-client.js';
import { isHttp2, transports } from '../support/transports.js';
import { expectRecovery, times, useObservedPair } from './observed-service.js';

const TEST_TIMEOUT_MS = 120_000;
const SESSIONS = 20;
const SOCKETS = 10;

/** The client may send it again elsewhere (RFC 9113, section 8.7). */
const refused = { how: 'rst_stream', rstCode: constants.NGHTTP2_REFUSED_STREAM };

interface Settled {
  readonly status: 'fulfilled' | 'rejected';
  readonly value?: RawSocket;
  readonly reason?: unknown;
}

const settled = (opening: readonly Promise<RawSocket>[]): Promise<Settled[]> =>
  Promise.allSettled(opening);

describe.each(transports.filter(isHttp2))('GOAWAY from a client over %s', (transport) => {
  const services = useObservedPair();

  it(
    'lets its sockets live until they are closed',
    async () => {
      await expectRecovery(services(), transport, (target) =>
        times(SESSIONS, async () => {
          const session = await openSession(target);
          const sockets = await openAll(session);
          for (const socket of sockets) socket.send('in flight');
          session.sendGoaway();
          for (const socket of sockets) {
            expect(String((await socket.nextMessage()).data)).toBe('in flight');
            await expectEcho(socket, 'behind GOAWAY');
            socket.close(1000);
            expect(await socket.ended()).toEqual({ how: 'end_stream' });
          }
          session.destroy();
        }),
      );
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'with an error ends its sockets and no others',
    async () => {
      await expectRecovery(services(), transport, async (target) => {
        const neighbour = await connect(target, '/ws');
        await times(SESSIONS, async () => {
          const session = await openSession(target);
          const sockets = await openAll(session);
          for (const socket of sockets) socket.send('in flight');
          session.sendGoaway(constants.NGHTTP2_PROTOCOL_ERROR);
          await session.closed();
        });
        await expectEcho(neighbour);
        neighbour.close(1000);
        await neighbour.ended();
      });
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'while handshakes are under way serves or refuses each of them',
    async () => {
      await expectRecovery(services(), transport, (target) =>
        times(SESSIONS, async () => {
          const session = await openSession(target);
          const opening = Array.from({ length: SOCKETS }, () => session.connect('/ws'));
          session.sendGoaway();
          for (const { status, value: socket, reason } of await settled(opening)) {
            if (status === 'rejected') expect(reason).toMatchObject(refused);
            if (socket === undefined) continue;
            await expectEcho(socket);
            socket.close(1000);
            await socket.ended();
          }
          session.destroy();
        }),
      );
    },
    TEST_TIMEOUT_MS,
  );
});

function openAll(session: RawSession): Promise<RawSocket[]> {
  return Promise.all(Array.from({ length: SOCKETS }, () => session.connect('/ws')));
}
