import { lanes } from '../apps/faults.app.js';
import {
  type Ends,
  expectEcho,
  roundTrips,
  standstill,
  useFaultsApp,
} from '../apps/faults-sockets.js';
import { eventually } from '../apps/eventually.js';
import { encodeFrame, type RawSocket } from '../support/raw-client.js';
import { isHttp2, type TransportName, transports } from '../support/transports.js';

const MAX_BUFFERED = 256 * 1024;
const CHUNK = 64 * 1024;
const PATIENCE_MS = 60_000;

/** More than all buffers between the two ends take together: 40 MiB. */
const CHUNKS = 640;

/**
 * What may leave the client although nobody reads the echo. On HTTP/1.1 the kernel's buffers take
 * most of it (9 MiB where this was written, and they differ from system to system), on HTTP/2 the
 * stream's window of 1 MiB is the bound.
 */
const acceptedAtMost = (transport: TransportName): number => (isHttp2(transport) ? 20 : 512);

/** A message that tells which one it is. */
function numbered(index: number, size = CHUNK): string {
  return `${index} `.padEnd(size, '.');
}

/** Sends one message after the other, each when the one before has left this process. */
class Pump {
  accepted = 0;
  readonly done: Promise<void>;

  constructor(client: RawSocket, count: number, say = (text: string): string => text) {
    this.done = this.run(client, count, say);
    this.done.catch(() => undefined);
  }

  private async run(client: RawSocket, count: number, say: (text: string) => string) {
    const mask = Buffer.alloc(4);
    for (; this.accepted < count; this.accepted++) {
      client.sendBytes(encodeFrame({ payload: say(numbered(this.accepted)), mask }));
      await client.drained(PATIENCE_MS);
    }
  }
}

async function expectInOrder(
  client: RawSocket,
  count: number,
  say = (text: string): string => text,
): Promise<void> {
  for (let index = 0; index < count; index++) {
    const { data } = await client.nextMessage(PATIENCE_MS);
    if (!data.equals(Buffer.from(say(numbered(index))))) {
      throw new Error(`message ${index} is another: ${data.toString('latin1', 0, 40)}`);
    }
  }
}

describe.each(transports)('back-pressure over %s', (transport) => {
  const { open, openOnOne } = useFaultsApp(transport, { maxBuffered: MAX_BUFFERED });
  let socket: Ends;
  let neighbour: Ends;

  afterEach(() => {
    socket.client.destroy();
    neighbour.client.destroy();
  });

  describe.each(lanes)('on $lane', ({ path, say }) => {
    it(
      'stops reading from a client that does not read its echoes, and loses nothing',
      async () => {
        [socket, neighbour] = [await open(path), await open('/raw')];
        const { client, connection } = socket;
        client.pause();
        const pump = new Pump(client, CHUNKS, say);
        const accepted = await standstill(neighbour.client, () => pump.accepted);
        expect(accepted).toBeLessThan(acceptedAtMost(transport));
        expect(connection.bufferedAmount).toBeGreaterThan(MAX_BUFFERED / 2);
        expect(connection.bufferedAmount).toBeLessThan(MAX_BUFFERED + 2 * CHUNK);

        client.resume();
        await expectInOrder(client, CHUNKS, say);
        await eventually('nothing to wait', () => connection.bufferedAmount === 0);
        client.send(say('afterwards'));
        expect(String((await client.nextMessage()).data)).toBe(say('afterwards'));
      },
      2 * PATIENCE_MS,
    );
  });

  it(
    'is felt by one socket of a connection, not by the others',
    async () => {
      [socket, neighbour] = await openOnOne(2, '/raw');
      const { client, connection } = socket;
      client.pause();
      const pump = new Pump(client, CHUNKS);
      await standstill(neighbour.client, () => pump.accepted);
      expect(connection.bufferedAmount).toBeGreaterThan(MAX_BUFFERED / 2);
      await expectEcho(neighbour.client, 'x'.repeat(CHUNK * 3));
      await expectEcho(neighbour.client);
    },
    PATIENCE_MS,
  );

  it.each([
    ['takes messages', '/unread'],
    ['is past handleConnection', '/waiting'],
  ])('holds the sender back while nobody %s', async (_who, path) => {
    [socket, neighbour] = [await open(path), await open('/raw')];
    const { client } = socket;
    const pump = new Pump(client, CHUNKS);
    const accepted = await standstill(neighbour.client, () => pump.accepted);
    expect(accepted).toBeLessThan(acceptedAtMost(transport));
  });

  it('gives receive() everything in order, at the pace of the one who takes it', async () => {
    [socket, neighbour] = [await open('/unread'), await open('/raw')];
    const { client, connection } = socket;
    const pump = new Pump(client, CHUNKS);
    await standstill(neighbour.client, () => pump.accepted);
    for (let index = 0; index < CHUNKS; index++) {
      const message = await connection.receive();
      if (message?.toString() !== numbered(index)) throw new Error(`message ${index} is another`);
    }
    await pump.done;
  });

  it('tells the sender when there is enough, and when there is room again', async () => {
    [socket, neighbour] = [await open('/raw'), await open('/raw')];
    const { client, connection } = socket;
    client.pause();
    let sent = 0;
    while (connection.send(numbered(sent++))) await roundTrips(neighbour.client, 1);
    expect(connection.bufferedAmount).toBeGreaterThan(MAX_BUFFERED);
    let isDrained = false;
    const drained = connection.drained().then(() => (isDrained = true));
    await roundTrips(neighbour.client);
    expect(isDrained).toBe(false);

    client.resume();
    await drained;
    expect(connection.bufferedAmount).toBeLessThanOrEqual(MAX_BUFFERED);
    expect(connection.send('more')).toBe(true);
    await expectInOrder(client, sent);
    expect(String((await client.nextMessage()).data)).toBe('more');
  });

  it('ends the wait for room with the connection', async () => {
    [socket, neighbour] = [await open('/raw'), await open('/raw')];
    const { client, connection } = socket;
    client.pause();
    for (let sent = 0; connection.send(numbered(sent)); sent++)
      await roundTrips(neighbour.client, 1);
    const drained = connection.drained();
    connection.terminate();
    await drained;
    expect(connection.send('too late')).toBe(false);
  });

  it('has no wait where there is room', async () => {
    [socket, neighbour] = [await open('/raw'), await open('/raw')];
    expect(socket.connection.send('one')).toBe(true);
    await socket.connection.drained();
    expect(socket.connection.bufferedAmount).toBeLessThan(MAX_BUFFERED);
  });
});
