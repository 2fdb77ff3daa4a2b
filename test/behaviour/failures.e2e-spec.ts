import { listen, useTestApps } from '../apps/events-test-app.js';
import {
  AppThatRejectsAtInit,
  AppThatThrowsAtInit,
  failing,
  FailingApp,
  failures,
  type Place,
} from '../apps/failing.app.js';
import {
  closePayload,
  connect,
  type ConnectOptions,
  encodeFrame,
  Opcode,
  openSession,
  type RawSocket,
} from '../support/raw-client.js';
import { isHttp2, type Target, transports } from '../support/transports.js';

type Connect = (path: string, options?: ConnectOptions) => Promise<RawSocket>;

/** Opens all its sockets on one connection where the transport can do that. */
async function clientOf(target: Target): Promise<Connect> {
  if (!isHttp2(target.transport)) return (path, options) => connect(target, path, options);
  const session = await openSession(target);
  return (path, options) => session.connect(path, options);
}

async function expectEcho(socket: RawSocket, text: string): Promise<void> {
  socket.send(text);
  expect(String((await socket.nextMessage()).data)).toBe(text);
}

const INTERNAL_ERROR = { code: 1011, reason: 'Internal error' };

const places = (...list: { path: string; place: Place }[]) =>
  list.flatMap((row) => failures.map((failure) => ({ ...row, failure })));

describe.each(transports)('user code that fails, over %s', (transport) => {
  const apps = useTestApps(FailingApp);
  let open: Connect;
  let neighbour: RawSocket;

  beforeEach(async () => {
    open = await clientOf(apps().targetFor(transport));
    neighbour = await open('/gateway');
    await expectEcho(neighbour, 'before');
  });

  /** Nobody else notices, and one line says what failed. */
  afterEach(async () => {
    await expectEcho(neighbour, 'after');
    await expectEcho(await open('/action'), 'a new one');
    neighbour.close(1000);
    await neighbour.ended();
  });

  /** The round trip gives a second line the time to come. */
  const expectOneLine = async (place: Place): Promise<void> => {
    await apps().log.next();
    await expectEcho(neighbour, 'meanwhile');
    expect(apps().log.complaints).toEqual([
      expect.objectContaining({
        level: 'error',
        message: expect.stringContaining(`Failed in ${place}`),
      }),
    ]);
  };

  it.each(
    places(
      { path: '/gateway', place: 'handleConnection' },
      { path: '/action', place: 'after accept' },
    ),
  )('$place $failure: closes the socket with 1011', async ({ path, place, failure }) => {
    const socket = await open(failing(path, place, failure));
    expect(await socket.closeFrame()).toEqual(INTERNAL_ERROR);
    socket.close(1011);
    await socket.ended();
    await expectOneLine(place);
  });

  it.each(
    places({ path: '/gateway', place: 'handleMessage' }, { path: '/handler', place: 'onMessage' }),
  )('$place $failure: closes the socket with 1011', async ({ path, place, failure }) => {
    const socket = await open(failing(path, place, failure));
    socket.send('fail');
    expect(await socket.closeFrame()).toEqual(INTERNAL_ERROR);
    socket.close(1011);
    await socket.ended();
    await expectOneLine(place);
  });

  it.each(
    places(
      { path: '/gateway', place: 'guard' },
      { path: '/action', place: 'guard' },
      { path: '/action', place: 'before accept' },
    ),
  )(
    '$place of $path $failure: answers the handshake with 500',
    async ({ path, place, failure }) => {
      const answer = open(failing(path, place, failure));
      await expect(answer).rejects.toMatchObject({ status: 500 });
      await expectOneLine(place);
    },
  );

  it.each(places({ path: '/gateway', place: 'handleDisconnect' }))(
    '$place $failure: the socket is closed as it was to be',
    async ({ path, place, failure }) => {
      const socket = await open(failing(path, place, failure));
      socket.close(4000, 'bye');
      expect(await socket.closeFrame()).toEqual({ code: 4000, reason: 'bye' });
      await socket.ended();
      await expectOneLine(place);
    },
  );

  it('handleDisconnect fails after a reset: nobody else notices', async () => {
    const socket = await open(failing('/gateway', 'handleDisconnect', 'rejects'));
    await expectEcho(socket, 'open');
    socket.reset();
    await expectOneLine('handleDisconnect');
  });

  it('handleConnection fails when the client has left: nobody else notices', async () => {
    const socket = await open(failing('/gateway', 'handleConnection', 'rejects later'), {
      early: encodeFrame({ opcode: Opcode.Close, payload: closePayload(1000) }),
    });
    await socket.closeFrame();
    await expectOneLine('handleConnection');
  });

  it('handleMessage closes and then fails: the client is told what it was closed with', async () => {
    const socket = await open(failing('/gateway', 'handleMessage', 'closes first'));
    socket.send('fail');
    expect(await socket.closeFrame()).toEqual({ code: 4000, reason: 'Had enough' });
    await expectOneLine('handleMessage');
  });

  it('handleMessage fails: later messages do not reach it', async () => {
    const socket = await open(failing('/gateway', 'handleMessage', 'throws'));
    socket.sendBytes(Buffer.concat(['1', '2', '3'].map((payload) => encodeFrame({ payload }))));
    expect(await socket.closeFrame()).toEqual(INTERNAL_ERROR);
    await expectOneLine('handleMessage');
  });

  it('handleMessage rejects for many messages: one line', async () => {
    const socket = await open(failing('/gateway', 'handleMessage', 'rejects later'));
    socket.sendBytes(Buffer.concat(['1', '2', '3'].map((payload) => encodeFrame({ payload }))));
    expect(await socket.closeFrame()).toEqual(INTERNAL_ERROR);
    await expectOneLine('handleMessage');
  });
});

describe('afterInit that fails', () => {
  it.each([AppThatThrowsAtInit, AppThatRejectsAtInit])('stops the start: %p', async (app) => {
    await expect(listen(app)).rejects.toThrow('Failed in afterInit');
  });
});
