import { EarlyFramesApp, type Visit, Visits } from '../apps/early-frames.app.js';
import { useTestApps } from '../apps/events-test-app.js';
import { refusalOf } from '../apps/refusal-of.js';
import {
  closePayload,
  connect,
  type ConnectOptions,
  encodeFrame,
  Opcode,
  type RawSocket,
} from '../support/raw-client.js';
import { transports } from '../support/transports.js';

const apps = useTestApps(EarlyFramesApp);

describe.each(transports)('frames in the packet of the handshake over %s', (transport) => {
  it('wait for the guard and handleConnection, and come in order', async () => {
    const { visit, socket } = await openWith(framesOf('one', 'two'));
    socket.send('three');
    await untilReceived(socket);
    expect(visit.calls).toEqual([]);

    visit.connection.letIn();
    await expectMessages(socket, ['one', 'two', 'three']);
    expect(visit.calls).toEqual(['connected', 'one', 'two', 'three']);
    socket.destroy();
  });

  it('are put together with what comes later', async () => {
    const frame = framesOf('cut in two');
    const { visit, socket } = await openWith(frame.subarray(0, 7));
    socket.sendBytes(frame.subarray(7));
    socket.send('next');
    visit.connection.letIn();
    await expectMessages(socket, ['cut in two', 'next']);
    socket.destroy();
  });

  it('are not lost when they are more than the server reads ahead', async () => {
    const texts = Array.from({ length: 300 }, (_, index) => `${index} ${'.'.repeat(1024)}`);
    const { visit, socket } = await openWith(framesOf(...texts));
    visit.connection.letIn();
    await expectMessages(socket, texts);
    socket.destroy();
  });

  it('are not delivered if the guard says no', async () => {
    const { visit, opening } = await startWith(framesOf('unwanted'));
    visit.guard.letIn(false);
    expect(await refusalOf(opening)).toMatchObject({ status: 403 });
    await serveAnother();
    expect(visit.calls).toEqual([]);
  });

  it('are not delivered if the guard throws', async () => {
    const { visit, opening } = await startWith(framesOf('unwanted'));
    visit.guard.turnAway(new Error('the guard failed'));
    expect(await refusalOf(opening)).toMatchObject({ status: 500 });
    await serveAnother();
    expect(visit.calls).toEqual([]);
  });

  it('are not delivered if handleConnection throws', async () => {
    const { visit, socket } = await openWith(framesOf('unwanted'));
    visit.connection.turnAway(new Error('handleConnection failed'));
    expect(await socket.closeFrame()).toMatchObject({ code: 1011 });
    socket.close(1011);
    expect(await disconnectOf(visit)).toMatchObject({ code: 1011, endedBy: 'server' });
    expect(visit.calls).toEqual(['disconnected']);
  });

  it('are forgotten if the client leaves before the guard is done', async () => {
    const { visit, opening } = await startWith(framesOf('unwanted'), { timeoutMs: 200 });
    await expect(opening).rejects.toThrow('waited 200 ms');
    visit.guard.letIn(true);
    visit.connection.letIn();
    await serveAnother();
    expect(apps().log.complaints).toEqual([]);
  });

  it('may be a Close, which is answered', async () => {
    const { visit, socket } = await openWith(closeFrame(4001, 'changed my mind'));
    expect(await socket.closeFrame()).toEqual({ code: 4001, reason: 'changed my mind' });
    visit.connection.letIn();
    expect(await disconnectOf(visit)).toEqual({
      code: 4001,
      reason: 'changed my mind',
      wasClean: true,
      endedBy: 'peer',
    });
    expect(visit.calls).toEqual(['connected', 'disconnected']);
  });

  it('may be messages and a Close, of which nothing is lost', async () => {
    const { visit, socket } = await openWith(
      Buffer.concat([framesOf('last', 'words'), closeFrame(1000)]),
    );
    visit.connection.letIn();
    expect(await socket.closeFrame()).toEqual({ code: 1000, reason: '' });
    expect(await disconnectOf(visit)).toMatchObject({ code: 1000, endedBy: 'peer' });
    expect(visit.calls).toEqual(['connected', 'last', 'words', 'disconnected']);
  });

  it('may be a Ping, which is answered while handleConnection is busy', async () => {
    const { visit, socket } = await openWith(encodeFrame({ opcode: Opcode.Ping, payload: 'hi' }));
    expect((await socket.nextPong()).toString()).toBe('hi');
    visit.connection.letIn();
    socket.destroy();
  });

  it('may be followed by a reset, after which nothing is left open', async () => {
    const { visit, socket } = await openWith(framesOf('never mind'));
    socket.reset();
    visit.connection.letIn();
    expect(await disconnectOf(visit)).toMatchObject({ code: 1006, endedBy: 'peer' });
    expect(visit.calls.at(-1)).toBe('disconnected');
  });

  interface Started {
    readonly visit: Visit;
    readonly opening: Promise<RawSocket>;
  }

  /** Starts a handshake with bytes behind it; it stands before the guard then. */
  async function startWith(early: Uint8Array, options?: ConnectOptions): Promise<Started> {
    const opening = connect(apps().targetFor(transport), '/gated', { ...options, early });
    const visit = await apps().appFor(transport).get(Visits).next('a handshake');
    return { visit, opening };
  }

  /** A socket that the guard let pass; it stands before `handleConnection` then. */
  async function openWith(early: Uint8Array): Promise<{ visit: Visit; socket: RawSocket }> {
    const { visit, opening } = await startWith(early);
    visit.guard.letIn(true);
    await visit.connection.reached();
    return { visit, socket: await opening };
  }

  /** From beginning to end, so that a late call for an earlier socket would have come before. */
  async function serveAnother(): Promise<void> {
    const { visit, socket } = await openWith(framesOf('welcome'));
    visit.connection.letIn();
    await expectMessages(socket, ['welcome']);
    socket.close(1000);
    await disconnectOf(visit);
  }
});

function disconnectOf({ disconnects }: Visit): ReturnType<Visit['disconnects']['next']> {
  return disconnects.next('handleDisconnect');
}

async function expectMessages(socket: RawSocket, texts: readonly string[]): Promise<void> {
  for (const text of texts) expect((await socket.nextMessage()).data.toString()).toBe(text);
}

/** The server has read what was sent before. */
async function untilReceived(socket: RawSocket): Promise<void> {
  socket.sendFrame({ opcode: Opcode.Ping });
  await socket.nextPong();
}

function framesOf(...texts: readonly string[]): Buffer {
  return Buffer.concat(texts.map((payload) => encodeFrame({ payload })));
}

function closeFrame(code: number, reason?: string): Buffer {
  return encodeFrame({ opcode: Opcode.Close, payload: closePayload(code, reason) });
}
