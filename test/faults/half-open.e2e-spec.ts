import { expectEcho } from '../apps/faults-sockets.js';
import {
  connect,
  encodeFrame,
  exchange,
  openSession,
  type RawSocket,
} from '../support/raw-client.js';
import { isHttp2, isTls, type Target, transports } from '../support/transports.js';
import {
  errorsOf,
  expectRecovery,
  expectServing,
  times,
  useObservedPair,
} from './observed-service.js';

const TEST_TIMEOUT_MS = 120_000;
const COUNT = 100;

const HALF = encodeFrame({ payload: 'x'.repeat(1000) }).subarray(0, 500);

const manners: readonly { how: string; leave: (socket: RawSocket) => void }[] = [
  { how: 'end their side without a Close', leave: (socket) => socket.halfClose() },
  {
    how: 'end their side in the middle of a frame',
    leave: (socket) => {
      socket.sendBytes(HALF);
      socket.halfClose();
    },
  },
  { how: 'close and keep their side open', leave: (socket) => socket.close(1000) },
  {
    how: 'break a rule and keep their side open',
    leave: (socket) => void socket.sendFrame({ opcode: 0xf }),
  },
];

describe.each(transports)('half-open peers over %s', (transport) => {
  const services = useObservedPair();

  it.each(manners)(
    'that $how',
    async ({ leave }) => {
      await expectRecovery(services(), transport, (target) =>
        times(COUNT, async (index) => {
          const path = index % 2 === 0 ? '/ws' : '/connect';
          const socket = await connect(target, path, { stayHalfOpen: true });
          leave(socket);
          await socket.ended();
          socket.destroy();
        }),
      );
    },
    TEST_TIMEOUT_MS,
  );
});

describe.each(transports)('peers that vanish without a word over %s', (transport) => {
  const services = useObservedPair({ WS_KEEP_ALIVE_INTERVAL: '1s', WS_KEEP_ALIVE_TIMEOUT: '1s' });

  it(
    'are gone from every list, while those that answer stay',
    async () => {
      const target = services().targetFor(transport);
      const alive = await connect(target, '/ws');
      const gone = await openMany(target, COUNT);
      await Promise.all(gone.map((socket) => socket.ended(30_000)));
      await expectEcho(alive);
      alive.close(1000);
      await alive.ended();
      await expectServing(target);
      expect(errorsOf(services().serviceFor(transport))).toEqual([]);
    },
    TEST_TIMEOUT_MS,
  );
});

/** Sockets whose owners answer no Ping and leave a part of a message behind. */
async function openMany(target: Target, count: number): Promise<RawSocket[]> {
  const session = isHttp2(target.transport) ? await openSession(target) : undefined;
  const sockets: RawSocket[] = [];
  for (let index = 0; index < count; index++) {
    const path = index % 2 === 0 ? '/ws' : '/connect';
    const options = { autoPong: false } as const;
    const socket = await (session?.connect(path, options) ?? connect(target, path, options));
    socket.sendBytes(HALF.subarray(0, index));
    sockets.push(socket);
  }
  return sockets;
}

/** What a slow-loris sends of a head, a byte at a time, until the server has had enough. */
const SLOW_HEADS = [
  {
    of: 'a handshake',
    head: 'GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnec',
  },
  { of: 'a request for health', head: 'GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ' },
  { of: 'the HTTP/2 preface', head: 'PRI * HTTP/2.0\r\n\r\nSM' },
  { of: 'nothing at all', head: '' },
] as const;

describe.each(transports.filter((transport) => !isHttp2(transport)))(
  'slow-loris heads over %s',
  (transport) => {
    const services = useObservedPair({ WS_HANDSHAKE_TIMEOUT: '1s' });

    it.each(SLOW_HEADS.filter(({ of }) => !isTls(transport) || of !== 'the HTTP/2 preface'))(
      'of $of are answered 408, and others are served meanwhile',
      async ({ head }) => {
        const target = services().targetFor(transport);
        const neighbour = await connect(target, '/ws');
        let isOver = false;
        const attack = times(
          COUNT,
          async () => {
            const { text } = await exchange(target.port, head.split(''), {
              transport,
              timeoutMs: 30_000,
            });
            expect(text).toMatch(/^HTTP\/1\.1 408 /);
          },
          COUNT,
        ).finally(() => (isOver = true));
        while (!isOver) await expectEcho(neighbour);
        await attack;
        neighbour.close(1000);
        await neighbour.ended();
        await expectServing(target);
        expect(errorsOf(services().serviceFor(transport))).toEqual([]);
      },
      TEST_TIMEOUT_MS,
    );
  },
);

describe('slow-loris over HTTP/2', () => {
  const services = useObservedPair({ WS_HANDSHAKE_TIMEOUT: '1s' });

  it('a client that never sends its SETTINGS is disconnected, and others are served', async () => {
    const target = services().targetFor('h2c');
    const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
    const ends = await Promise.all(
      Array.from({ length: COUNT }, () => exchange(target.port, preface, { timeoutMs: 30_000 })),
    );
    for (const { bytes } of ends) expect(bytes.length).toBeGreaterThan(0);
    await expectServing(target);
  });
});
