import { constants } from 'node:http2';
import { setImmediate, setInterval } from 'node:timers/promises';
import type { WebSocketConnection } from '../../src/websockets/index.js';
import { lanes } from '../apps/faults.app.js';
import { cleanEnd, endOf, expectEcho, useFaultsApp } from '../apps/faults-sockets.js';
import { Opcode, type RawSocket } from '../support/raw-client.js';
import { isHttp2, transports } from '../support/transports.js';

/** Short, for the peers that never answer. */
const CLOSE_TIMEOUT_MS = 200;

/** More than the kernel's buffers take, so that the rest has to wait in the service. */
const MUCH = 16 * 1024 * 1024;

const aborted = { code: 1006, reason: '', wasClean: false } as const;
const unanswered = { code: 4001, reason: 'enough', wasClean: false, endedBy: 'server' } as const;

const SOME = 128 * 1024;

/** Fills the kernel's buffers, and leaves in the service what does not fit: less than is too much. */
async function sendUntilSomeWaits(connection: WebSocketConnection): Promise<number> {
  const data = Buffer.alloc(SOME);
  let count = 0;
  while (connection.bufferedAmount < 3 * SOME) {
    connection.send(data);
    count++;
    await setImmediate();
  }
  return count;
}

/** Takes what comes in sips, a chunk at a time, as a client behind a slow network does. */
async function sip({ wire: { stream } }: RawSocket, sips: number, everyMs: number): Promise<void> {
  let taken = 0;
  for await (const _ of setInterval(everyMs)) {
    if (++taken > sips || stream.destroyed) break;
    stream.once('data', () => stream.pause());
    stream.resume();
  }
  stream.resume();
}

describe.each(transports)('peers that do not close as they should over %s', (transport) => {
  const { open } = useFaultsApp(transport, { closeTimeout: CLOSE_TIMEOUT_MS });

  describe.each(lanes)('on $lane', ({ path }) => {
    it('terminates a peer that never answers the Close', async () => {
      const session = await open(path);
      session.connection.close(4001, 'enough');
      expect(await session.client.closeFrame()).toEqual({ code: 4001, reason: 'enough' });
      expect(await endOf(session)).toEqual(unanswered);
      const end = await session.client.ended();
      if (isHttp2(transport)) expect(end).toMatchObject({ rstCode: constants.NGHTTP2_CANCEL });
    });

    it('terminates a peer that goes on sending instead of answering', async () => {
      const session = await open(path);
      const { client, connection } = session;
      connection.close(4001, 'enough');
      let isOver = false;
      void connection.closed.then(() => (isOver = true));
      for await (const _ of setInterval(1)) {
        if (isOver) break;
        if (client.wire.stream.writable) client.send('and another thing');
      }
      expect(await endOf(session)).toEqual(unanswered);
    });

    it('sees a peer that aborts without a Close', async () => {
      const session = await open(path);
      session.client.reset();
      expect(await endOf(session)).toEqual({ ...aborted, endedBy: 'peer' });
    });

    it('sees a peer that ends its side without a Close, and ends its own', async () => {
      const session = await open(path);
      session.client.halfClose();
      expect(await endOf(session)).toEqual({ ...aborted, endedBy: 'peer' });
      expect(await session.client.ended()).toEqual({ how: cleanEnd(transport) });
    });

    it('delivers what came before an end without a Close', async () => {
      const { client } = await open('/raw');
      client.send('last words');
      client.halfClose();
      expect(String((await client.nextMessage()).data)).toBe('last words');
    });

    it('does not wait for ever for a peer that keeps its side open after the closing', async () => {
      const session = await open(path, { stayHalfOpen: true });
      session.client.close(4002, 'had it');
      expect(await session.client.closeFrame()).toEqual({ code: 4002, reason: 'had it' });
      expect(await endOf(session)).toEqual({
        code: 4002,
        reason: 'had it',
        wasClean: true,
        endedBy: 'peer',
      });
    });
  });

  it('terminates a peer that does not read either', async () => {
    const session = await open('/raw');
    session.client.pause();
    session.connection.send(Buffer.alloc(MUCH));
    session.connection.close(4001, 'enough');
    expect(await endOf(session)).toEqual(unanswered);
    session.client.destroy();
  });

  if (isHttp2(transport)) {
    it.each([
      ['NO_ERROR', constants.NGHTTP2_NO_ERROR],
      ['CANCEL', constants.NGHTTP2_CANCEL],
      ['INTERNAL_ERROR', constants.NGHTTP2_INTERNAL_ERROR],
    ])('sees RST_STREAM with %s, also while nobody reads the stream', async (_name, rstCode) => {
      const [idle, unread] = [await open('/raw'), await open('/unread')];
      unread.client.send(Buffer.alloc(256 * 1024));
      await unread.client.drained();
      idle.client.reset(rstCode);
      unread.client.reset(rstCode);
      expect(await endOf(idle)).toEqual({ ...aborted, endedBy: 'peer' });
      unread.connection.send('is anybody there?');
      expect(await endOf(unread)).toMatchObject({ ...aborted, endedBy: 'peer' });
    });

    it('answers a termination with CANCEL, which the other sockets survive', async () => {
      const [ended, other] = [await open('/raw'), await open('/raw')];
      ended.connection.terminate();
      expect(await ended.client.ended()).toEqual({
        how: 'rst_stream',
        rstCode: constants.NGHTTP2_CANCEL,
      });
      await expectEcho(other.client);
      other.client.destroy();
    });
  }
});

describe.each(transports)('a Close behind data that waits over %s', (transport) => {
  const { open } = useFaultsApp(transport);
  const data = Buffer.alloc(MUCH, 'data');

  it('goes out last, when the server closes', async () => {
    const session = await open('/raw');
    const { client, connection } = session;
    client.pause();
    expect(connection.send(data)).toBe(false);
    connection.close(4001, 'enough');
    client.resume();
    expect((await client.nextMessage()).data.equals(data)).toBe(true);
    expect((await client.next()).opcode).toBe(Opcode.Close);
    client.close(4001, 'enough');
    expect(await endOf(session)).toEqual({ ...unanswered, wasClean: true });
    expect(await client.ended()).toEqual({ how: cleanEnd(transport) });
  });

  it('goes out last to a client that closes, and reads on slowly', async () => {
    const session = await open('/raw');
    const { client, connection } = session;
    client.pause();
    const count = await sendUntilSomeWaits(connection);
    client.close(4002, 'had it');
    await sip(client, 20, 50);
    for (let index = 0; index < count; index++) {
      expect((await client.nextMessage()).data.length).toBe(SOME);
    }
    expect(await client.closeFrame()).toEqual({ code: 4002, reason: 'had it' });
    expect(await client.ended()).toEqual({ how: cleanEnd(transport) });
    expect(await endOf(session)).toMatchObject({ code: 4002, wasClean: true, endedBy: 'peer' });
  });
});
