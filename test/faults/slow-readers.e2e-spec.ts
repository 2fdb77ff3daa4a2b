import { expectEcho, standstill } from '../apps/faults-sockets.js';
import { connect, encodeFrame, openSession, type RawSocket } from '../support/raw-client.js';
import { isHttp2, type Target, transports } from '../support/transports.js';
import {
  errorsOf,
  expectServing,
  type Memory,
  memoryOf,
  useObservedPair,
} from './observed-service.js';

const TEST_TIMEOUT_MS = 120_000;
const KIB = 1024;
const MAX_BUFFERED = 512 * KIB;
const READERS = 20;

/** What all of them send: far more than may be held for all of them. */
const MESSAGES = 300;
const MESSAGE = encodeFrame({ payload: 'x'.repeat(64 * KIB), mask: Buffer.alloc(4) });

/**
 * What a socket may hold above `WS_MAX_BUFFERED`: the messages of the read that went over it (on
 * HTTP/2 the stream's window of 1 MiB, which its client may fill), and in what they were copied.
 */
const slackOf = (http2: boolean): number => (http2 ? 2048 : 512) * KIB;

/** Sends until the server reads no more; gives up with the socket. */
async function pump(socket: RawSocket, count: { sent: number }): Promise<void> {
  try {
    for (; count.sent < MESSAGES; count.sent++) {
      socket.sendBytes(MESSAGE);
      await socket.drained(TEST_TIMEOUT_MS);
    }
  } catch {
    // The test has what it wanted.
  }
}

const heldBy = ({ heapUsed, arrayBuffers }: Memory): number => heapUsed + arrayBuffers;

describe.each(transports)('readers that do not read over %s', (transport) => {
  const services = useObservedPair({
    WS_MAX_BUFFERED: String(MAX_BUFFERED),
    WS_KEEP_ALIVE_INTERVAL: '0',
  });

  it.each(['/ws', '/connect'])(
    'cost no more than their share on %s, and get all of it when they read',
    async (path) => {
      const target = services().targetFor(transport);
      const service = services().serviceFor(transport);
      await expectServing(target);
      const before = await memoryOf(service);
      const neighbour = await connect(target, '/ws');
      const readers = await openReaders(target, path);
      const counts = readers.map(() => ({ sent: 0 }));
      const pumps = readers.map((reader, index) => pump(reader, counts[index]));
      await standstill(neighbour, () => counts.map(({ sent }) => sent));

      const during = await memoryOf(service);
      const share = MAX_BUFFERED + slackOf(isHttp2(transport));
      expect(heldBy(during) - heldBy(before)).toBeLessThan(READERS * share);

      const [first, ...others] = readers;
      first.resume();
      for (let count = 0; count < MESSAGES; count++) {
        expect((await first.nextMessage(TEST_TIMEOUT_MS)).data.length).toBe(64 * KIB);
      }
      await expectEcho(first);
      first.close(1000);
      await first.ended();
      for (const other of others) other.reset();
      await Promise.all(pumps);
      neighbour.close(1000);
      await neighbour.ended();
      await expectServing(target);
      const after = await memoryOf(service);
      expect(heldBy(after) - heldBy(before)).toBeLessThan(6 * KIB * KIB);
      expect(errorsOf(service)).toEqual([]);
    },
    TEST_TIMEOUT_MS,
  );
});

/** Paused sockets, on HTTP/2 all on one connection. */
async function openReaders(target: Target, path: string): Promise<RawSocket[]> {
  const session = isHttp2(target.transport) ? await openSession(target) : undefined;
  const readers: RawSocket[] = [];
  for (let count = 0; count < READERS; count++) {
    const reader = await (session?.connect(path) ?? connect(target, path));
    reader.pause();
    readers.push(reader);
  }
  return readers;
}
