import { setImmediate } from 'node:timers/promises';
import {
  connect,
  encodeFrame,
  openSession,
  type RawSocket,
  type RawSession,
} from '../support/raw-client.js';
import { dial, resetConnection } from '../support/raw-client/dial.js';
import { authorityOf, isHttp2, type Target, transports } from '../support/transports.js';
import { expectRecovery, times, useObservedPair } from './observed-service.js';

const TEST_TIMEOUT_MS = 180_000;

/** Streams of one connection that are reset: well below what counts as a flood. */
const STREAMS = 100;

const LARGE = encodeFrame({ payload: 'x'.repeat(100_000) });

/** What the client has sent when it resets the socket. */
const moments: readonly { when: string; bytes: Buffer }[] = [
  { when: 'before any frame', bytes: Buffer.alloc(0) },
  { when: 'in the middle of a head', bytes: LARGE.subarray(0, 5) },
  { when: 'in the middle of a payload', bytes: LARGE.subarray(0, 60_000) },
  { when: 'behind a message that is echoed', bytes: LARGE },
  {
    when: 'in the middle of a fragmented message',
    bytes: encodeFrame({ fin: false, payload: 'y'.repeat(10_000) }),
  },
];

/** Opens a socket; on HTTP/2, many on each connection. */
type Open = (path: string) => Promise<RawSocket>;

async function onSockets(
  target: Target,
  count: number,
  act: (open: Open, index: number) => Promise<void>,
): Promise<void> {
  if (!isHttp2(target.transport)) {
    await times(count, (index) => act((path) => connect(target, path), index));
    return;
  }
  for (let done = 0; done < count; done += STREAMS) {
    const session = await openSession(target);
    const first = done;
    await times(STREAMS, (index) => act((path) => session.connect(path), first + index));
    session.destroy();
  }
}

describe.each(transports)('peers that reset over %s', (transport) => {
  const services = useObservedPair();

  it.each(moments)(
    '$when',
    async ({ bytes }) => {
      await expectRecovery(services(), transport, (target) =>
        onSockets(target, 200, async (open, index) => {
          const socket = await open(index % 2 === 0 ? '/ws' : '/connect');
          if (bytes.length > 0) socket.sendBytes(bytes);
          await setImmediate();
          socket.reset();
        }),
      );
    },
    TEST_TIMEOUT_MS,
  );

  it(
    '2,000 connects and resets',
    async () => {
      await expectRecovery(services(), transport, (target) =>
        onSockets(target, 1000, async (open) => (await open('/ws')).reset()),
      );
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'before the handshake is answered',
    async () => {
      await expectRecovery(services(), transport, (target) =>
        isHttp2(transport) ? abandonStreams(target) : times(300, () => abandonHandshake(target)),
      );
    },
    TEST_TIMEOUT_MS,
  );

  if (isHttp2(transport)) {
    it(
      'the connection below many sockets',
      async () => {
        await expectRecovery(services(), transport, (target) =>
          times(10, async () => {
            const session = await openSession(target);
            await times(30, () => sendPart(session));
            session.reset();
          }),
        );
      },
      TEST_TIMEOUT_MS,
    );
  }
});

async function sendPart(session: RawSession): Promise<void> {
  const socket = await session.connect('/ws');
  socket.sendBytes(LARGE.subarray(0, 70_000));
}

async function abandonHandshake(target: Target): Promise<void> {
  const connection = await dial(target);
  const head = ['GET /ws HTTP/1.1', `Host: ${authorityOf(target)}`, 'Connection: Upgrade'];
  head.push('Upgrade: websocket', 'Sec-WebSocket-Version: 13');
  head.push('Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', '', '');
  connection.stream.write(head.join('\r\n'));
  await setImmediate();
  resetConnection(connection);
}

async function abandonStreams(target: Target): Promise<void> {
  for (let round = 0; round < 3; round++) {
    const session = await openSession(target);
    for (let count = 0; count < STREAMS; count++) {
      const stream = session.http2.request(
        {
          ':method': 'CONNECT',
          ':protocol': 'websocket',
          ':scheme': 'http',
          ':path': '/ws',
          ':authority': authorityOf(target),
          'sec-websocket-version': '13',
        },
        { endStream: false },
      );
      stream.on('error', () => undefined);
      stream.close(8);
      await setImmediate();
    }
    await session.close();
  }
}
