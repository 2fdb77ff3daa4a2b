import { noSocketIsOpen, openSockets } from '../apps/open-sockets.js';
import { refusalOf } from '../apps/refusal-of.js';
import { connect, openSession, type RawSession, request } from '../support/raw-client.js';
import { isHttp2, isTls, transports } from '../support/transports.js';
import { usePair } from '../support/use-service.js';

const GATEWAYS = ['/ws', '/ping-pong'];

const services = usePair();

describe.each(transports)('HTTP over %s', (transport) => {
  const target = () => services().targetFor(transport);
  const httpVersion = isHttp2(transport) ? '2.0' : '1.1';

  it('serves the page', async () => {
    const { status, headers, text } = await request(target(), { path: '/' });
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/html\b/);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(text).toMatch(/^<!doctype html>/i);
  });

  it('serves all checks of its health', async () => {
    const answer = await request(target(), { path: '/health' });
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({
      status: 'ok',
      details: { eventLoop: { status: 'up' }, heap: { status: 'up' }, sockets: { status: 'up' } },
    });
  });

  it('serves that it is alive, without a check', async () => {
    const answer = await request(target(), { path: '/health/live' });
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ status: 'ok', details: {} });
  });

  it('serves that it is ready', async () => {
    const answer = await request(target(), { path: '/health/ready' });
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ status: 'ok', details: { eventLoop: {}, heap: {} } });
  });

  it('answers 404 in JSON for what nobody serves', async () => {
    const answer = await request(target(), { path: '/nowhere' });
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toMatch(/^application\/json\b/);
    expect(answer.json()).toEqual({
      statusCode: 404,
      message: 'Cannot GET /nowhere',
      error: 'Not Found',
    });
  });

  it('answers 404 in JSON for a WebSocket that nobody serves', async () => {
    const refusal = await refusalOf(connect(target(), '/nowhere'));
    expect(refusal.status).toBe(404);
    expect(refusal.json()).toEqual({
      statusCode: 404,
      message: isHttp2(transport) ? 'Cannot CONNECT /nowhere' : 'Cannot GET /nowhere',
      error: 'Not Found',
    });
  });

  it.each(GATEWAYS)('tells a GET on the gateway %s that it is no handshake', async (path) => {
    const answer = await request(target(), { path });
    expect(answer.json()).toMatchObject({ statusCode: answer.status });
    if (isHttp2(transport)) {
      expect(answer.status).toBe(400);
    } else {
      expect(answer.status).toBe(426);
      expect(answer.headers.upgrade).toBe('websocket');
    }
  });

  it.each(GATEWAYS)('does not allow a POST on the gateway %s', async (path) => {
    const answer = await request(target(), { path, method: 'POST' });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toContain('GET');
    expect(answer.json()).toMatchObject({ statusCode: 405, error: 'Method Not Allowed' });
  });

  it('counts open sockets by gateway and HTTP version', async () => {
    await noSocketIsOpen(target());
    const paths = ['/ws', '/ws', '/ping-pong', '/connect'];
    const sockets = await Promise.all(paths.map((path) => connect(target(), path)));
    expect(await openSockets(target())).toMatchObject({
      open: 4,
      byGateway: {
        '/ws': { [httpVersion]: 2 },
        '/ping-pong': { [httpVersion]: 1 },
        '/connect': { [httpVersion]: 1 },
      },
    });
    for (const socket of sockets) socket.close();
    await noSocketIsOpen(target());
    expect((await openSockets(target())).byGateway).toEqual({});
  });
});

describe.each([
  { port: 'plain', versions: transports.filter((transport) => !isTls(transport)) },
  { port: 'TLS', versions: transports.filter(isTls) },
])('on the $port port', ({ versions }) => {
  it('sockets of both HTTP versions are counted apart', async () => {
    const [target, other] = versions.map((transport) => services().targetFor(transport));
    await noSocketIsOpen(target);
    const sockets = [await connect(target, '/ws'), await connect(other, '/ws')];
    expect(await openSockets(other)).toMatchObject({
      open: 2,
      byGateway: { '/ws': { '1.1': 1, '2.0': 1 } },
    });
    for (const socket of sockets) socket.destroy();
  });
});

describe.each(transports.filter(isHttp2))('one %s connection', (transport) => {
  let session: RawSession;

  beforeEach(async () => {
    session = await openSession(services().targetFor(transport));
  });

  afterEach(() => session.destroy());

  it('carries requests between the messages of a socket', async () => {
    const socket = await session.connect('/ws');
    for (const path of ['/health', '/health/live', '/health/ready', '/']) {
      socket.send(path);
      expect((await session.request({ path })).status).toBe(200);
      expect((await socket.nextMessage()).data.toString()).toBe(path);
    }
  });

  it('opens a socket after requests, and another after a refusal', async () => {
    expect((await session.request({ path: '/nowhere' })).status).toBe(404);
    const first = await session.connect('/ws');
    expect((await refusalOf(session.connect('/nowhere'))).status).toBe(404);
    const second = await session.connect('/connect');
    for (const socket of [first, second]) {
      socket.send('hello');
      expect((await socket.nextMessage()).data.toString()).toBe('hello');
    }
  });

  it('stays when its last socket is closed', async () => {
    const socket = await session.connect('/ws');
    socket.close(1000);
    await socket.ended();
    expect((await session.request({ path: '/health/live' })).status).toBe(200);
  });
});
