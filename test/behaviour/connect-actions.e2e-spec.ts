import { randomUUID } from 'node:crypto';
import { ActionsApp, Door, Journals, Lounge } from '../apps/actions.app.js';
import { useTestApps } from '../apps/events-test-app.js';
import { refusalOf } from '../apps/refusal-of.js';
import { connect, type ConnectOptions, type RawSocket, request } from '../support/raw-client.js';
import { transports } from '../support/transports.js';

type Journal = ReturnType<Journals['of']>;

const apps = useTestApps(ActionsApp);

describe.each(transports)('a controller action over %s', (transport) => {
  const target = () => apps().targetFor(transport);
  const open = (path: string, options?: ConnectOptions): Promise<RawSocket> =>
    connect(target(), `/actions/${path}`, options);

  interface Visit {
    readonly opening: Promise<RawSocket>;
    readonly journal: Journal;
  }

  /** A handshake of which the application keeps a journal. */
  function visit(path: string, options?: ConnectOptions): Visit {
    const id = randomUUID();
    const opening = open(path, { ...options, headers: { 'x-visit': id } });
    return { opening, journal: apps().appFor(transport).get(Journals).of(id) };
  }

  it('gets its path parameters', async () => {
    const socket = await open('rooms/blue/seats/7');
    expect(await nextJson(socket)).toEqual({ room: 'blue', seat: '7' });
    socket.destroy();
  });

  it('runs after middleware', async () => {
    const socket = await open('greeting', { headers: { 'x-name': 'Ada' } });
    expect(await nextText(socket)).toBe('Hello, Ada');
    socket.destroy();
  });

  it('runs inside interceptors, to its end', async () => {
    const { opening, journal } = visit('rooms/blue/seats/7');
    const socket = await opening;
    expect(socket.handshake.headers['x-intercepted']).toBe('yes');
    expect(await journal.next('the beginning')).toBe('the action begins');
    expect(journal.length).toBe(0);
    socket.close(1000);
    expect(await journal.next('the end')).toBe('the action has ended');
  });

  it.each([400, 401, 403, 404, 429, 503])('refuses with %i by an exception', async (status) => {
    const refusal = await refusalOf(open(`refuse/${status}`));
    expect(refusal.status).toBe(status);
    expect(refusal.json()).toEqual({ refused: true });
  });

  it('refuses through an exception filter', async () => {
    const refusal = await refusalOf(open('out-of-tea'));
    expect(refusal.status).toBe(418);
    expect(refusal.json()).toEqual({ teapot: 'no tea' });
  });

  it.each([
    { offered: ['chat.v1', 'chat.v2'], chosen: 'chat.v2' },
    { offered: ['chat.v1', 'other'], chosen: 'chat.v1' },
    { offered: ['other'], chosen: '' },
    { offered: [], chosen: '' },
  ])('offered the subprotocols $offered, chooses "$chosen"', async ({ offered, chosen }) => {
    const subprotocols = offered.length > 0 ? offered : undefined;
    const socket = await open('subprotocols', { subprotocols });
    expect(socket.subprotocol ?? '').toBe(chosen);
    expect(await nextJson(socket)).toEqual({ offered, chosen });
    socket.destroy();
  });

  it('adds headers to the answer', async () => {
    const socket = await open('headers');
    expect(socket.handshake.headers).toMatchObject({ 'x-room': 'blue', 'set-cookie': 'a=1, b=2' });
    socket.destroy();
  });

  it('leaves the connection to a service that goes on when it has ended', async () => {
    const { opening, journal } = visit('lounge');
    const socket = await opening;
    await untilActionEnds(journal);
    socket.send('still open');
    expect(await nextText(socket)).toBe('still open');

    const guest = apps().appFor(transport).get(Lounge).guests.pop();
    guest?.close(4000, 'closing time');
    expect(await socket.closeFrame()).toEqual({ code: 4000, reason: 'closing time' });
    socket.close(4000);
    expect(await guest?.closed).toMatchObject({ code: 4000, wasClean: true, endedBy: 'server' });
  });

  it('may return a value, which goes nowhere', async () => {
    const { opening, journal } = visit('return');
    const socket = await opening;
    await untilActionEnds(journal);
    socket.send('still open');
    expect(await nextText(socket)).toBe('still open');
    socket.destroy();
  });

  it('may take its time to accept', async () => {
    const { opening, journal } = visit('wait');
    await journal.next('the beginning');
    apps().appFor(transport).get(Door).put('open');
    const socket = await opening;
    expect(await nextText(socket)).toBe('accepted');
    socket.destroy();
  });

  // Over plain HTTP/1.1 a server that does not read yet cannot know.
  if (transport !== 'h1') {
    it('that accepts when the client has gone ends without a complaint', async () => {
      const { opening, journal } = visit('wait', { timeoutMs: 200 });
      await expect(opening).rejects.toThrow('waited 200 ms');
      expect(await journal.next('the beginning')).toBe('the action begins');
      expect(await journal.next('the client to leave')).toBe('the client has gone');
      apps().appFor(transport).get(Door).put('open');
      expect(await journal.next('the end')).toBe('the action has ended');
      await refusalOf(open('refuse/403'));
      expect(apps().log.complaints).toEqual([]);
    });
  }

  it('cannot accept twice, and keeps the first socket', async () => {
    const socket = await open('accept-twice');
    expect(await nextText(socket)).toBe('The handshake was accepted already');
    socket.destroy();
  });

  it.each([
    { thrown: 'an error', how: 'error', message: 'failed after accept' },
    { thrown: 'an HttpException', how: 'http-exception', message: 'too late to refuse' },
    { thrown: 'what a custom filter catches', how: 'filtered', message: 'too late to filter' },
    { thrown: 'what a filter ignores', how: 'ignored', message: 'too late to ignore' },
  ])('that throws $thrown after accept closes with 1011, logged once', async ({ how, message }) => {
    const socket = await open(`fail/${how}`);
    expect(await socket.closeFrame()).toMatchObject({ code: 1011 });
    socket.destroy();
    expect(apps().log.complaints).toEqual([
      expect.objectContaining({ level: 'error', message: expect.stringContaining(message) }),
    ]);
  });

  it('that does not accept does not open a socket', async () => {
    await refusalOf(open('never-accept'));
  });

  it('serves plain requests as well', async () => {
    const answer = await request(target(), { path: '/actions/never-accept' });
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ accepted: false });
  });
});

async function untilActionEnds(journal: Journal): Promise<void> {
  expect(await journal.next('the beginning')).toBe('the action begins');
  expect(await journal.next('the end')).toBe('the action has ended');
}

async function nextText(socket: RawSocket): Promise<string> {
  const { data } = await socket.nextMessage();
  return data.toString();
}

async function nextJson(socket: RawSocket): Promise<unknown> {
  return JSON.parse(await nextText(socket));
}
