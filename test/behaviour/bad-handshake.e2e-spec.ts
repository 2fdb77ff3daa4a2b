import { refusalOf } from '../apps/refusal-of.js';
import {
  connect,
  type ConnectOptions,
  HandshakeAborted,
  openSession,
  type RawSession,
} from '../support/raw-client.js';
import { isHttp2, transports } from '../support/transports.js';
import { usePair } from '../support/use-service.js';

const PATHS = ['/ws', '/connect'];
const KEY = Buffer.alloc(16, 7).toString('base64');

const services = usePair();

async function echoes(): Promise<void> {
  for (const transport of transports) {
    const socket = await connect(services().targetFor(transport), '/ws');
    socket.send('still here');
    expect((await socket.nextMessage()).data.toString()).toBe('still here');
    socket.destroy();
  }
}

afterEach(echoes);

const allPaths = <T extends object>(rows: readonly T[]) =>
  rows.flatMap((row) => PATHS.map((path) => ({ path, ...row })));

interface Fault {
  readonly what: string;
  readonly options: ConnectOptions;
}

const badVersions: Fault[] = ['12', '14', '0', '013', '13.0', '', 'x', '13, 8'].map((version) => ({
  what: JSON.stringify(version),
  options: { version },
}));

const badKeys: Fault[] = [
  { what: 'short', options: { key: Buffer.alloc(15).toString('base64') } },
  { what: 'long', options: { key: Buffer.alloc(17).toString('base64') } },
  { what: 'no base64', options: { key: '!!!!!!!!!!!!!!!!!!!!!!==' } },
  { what: 'base64 for URLs', options: { key: '_____-----_____-----_w==' } },
  { what: 'without its padding', options: { key: KEY.replace(/=+$/, '') } },
  { what: 'with bits behind its end', options: { key: 'AAAAAAAAAAAAAAAAAAAAAB==' } },
  { what: 'empty', options: { key: '' } },
  { what: 'there twice', options: { headers: { 'Sec-WebSocket-Key': [KEY, KEY] } } },
];

const badSubprotocols: Fault[] = ['a b', 'a;b', '"a"', 'a, a', 'a/b', 'bücher', ''].map((list) => ({
  what: JSON.stringify(list),
  options: { headers: { 'Sec-WebSocket-Protocol': list } },
}));

describe.each(transports)('a handshake over %s', (transport) => {
  const target = () => services().targetFor(transport);

  it.each(
    allPaths([
      ...badVersions,
      { what: 'none', options: { headers: { 'Sec-WebSocket-Version': undefined } } },
    ]),
  )('for $path with the version $what is told the right one', async ({ path, options }) => {
    const refusal = await refusalOf(connect(target(), path, options));
    const statusCode = isHttp2(transport) ? 400 : 426;
    expect(refusal.status).toBe(statusCode);
    expect(refusal.headers['sec-websocket-version']).toBe('13');
    expect(refusal.headers.upgrade).toBe(isHttp2(transport) ? undefined : 'websocket');
    expect(refusal.json()).toMatchObject({
      statusCode,
      message: 'Sec-WebSocket-Version must be 13',
    });
  });

  it.each(allPaths(badKeys))(
    'for $path with a key that is $what is answered 400',
    async ({ path, options }) => {
      const refusal = await refusalOf(connect(target(), path, options));
      expect(refusal.status).toBe(400);
      expect(refusal.json()).toMatchObject({
        message: 'Sec-WebSocket-Key must be 16 bytes in base64',
      });
    },
  );

  it.each(allPaths(badSubprotocols))(
    'for $path with the subprotocols $what is answered 400',
    async ({ path, options }) => {
      const refusal = await refusalOf(connect(target(), path, options));
      expect(refusal.status).toBe(400);
      expect(refusal.json()).toMatchObject({
        message: 'Sec-WebSocket-Protocol must list different tokens',
      });
    },
  );

  it.each(['/nowhere', '/ws/deeper', '/wsx', '/health/ws', '/%00', '/ws%2f'])(
    'for %s, where nobody is, is answered 404',
    async (path) => {
      const refusal = await refusalOf(connect(target(), path));
      expect(refusal.status).toBe(404);
      expect(refusal.json()).toEqual({
        statusCode: 404,
        message: `Cannot ${isHttp2(transport) ? 'CONNECT' : 'GET'} ${path}`,
        error: 'Not Found',
      });
    },
  );
});

describe.each(transports.filter((name) => !isHttp2(name)))('a handshake over %s', (transport) => {
  const target = () => services().targetFor(transport);

  it.each(allPaths([{ key: undefined }]))(
    'for $path without a key is answered 400',
    async ({ path }) => {
      const handshake = connect(target(), path, { headers: { 'Sec-WebSocket-Key': undefined } });
      expect((await refusalOf(handshake)).status).toBe(400);
    },
  );

  it.each(
    allPaths([
      { what: 'no Upgrade', headers: { Upgrade: undefined } },
      { what: 'another Upgrade', headers: { Upgrade: 'h2c' } },
      { what: 'an Upgrade that only looks like it', headers: { Upgrade: 'websocket2' } },
      { what: 'no Connection', headers: { Connection: undefined } },
      { what: 'another Connection', headers: { Connection: 'keep-alive' } },
    ]),
  )('for $path with $what is told to upgrade', async ({ path, headers }) => {
    const refusal = await refusalOf(connect(target(), path, { headers }));
    expect(refusal.status).toBe(426);
    expect(refusal.headers).toMatchObject({ upgrade: 'websocket' });
    expect(refusal.headers.connection).toMatch(/upgrade/i);
  });

  it.each([
    { Upgrade: 'WebSocket' },
    { Upgrade: 'h2c, websocket' },
    { Connection: 'keep-alive, UPGRADE' },
    { Connection: ['keep-alive', 'Upgrade'] },
  ])('with %j is as good as any', async (headers) => {
    const socket = await connect(target(), '/ws', { headers });
    socket.destroy();
  });

  it.each([
    { what: 'no Host', headers: { Host: undefined } },
    { what: 'two Hosts', headers: { Host: ['a.test', 'b.test'] } },
  ])('with $what is answered 400', async ({ headers }) => {
    expect((await refusalOf(connect(target(), '/ws', { headers }))).status).toBe(400);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('by %s is not allowed', async (method) => {
    const refusal = await refusalOf(connect(target(), '/ws', { method }));
    expect(refusal.status).toBe(405);
    expect(refusal.headers.allow).toBe('GET, HEAD');
  });

  it('of an action by POST is told to upgrade', async () => {
    const refusal = await refusalOf(connect(target(), '/connect', { method: 'POST' }));
    expect(refusal.status).toBe(426);
  });
});

describe.each(transports.filter(isHttp2))('a handshake over %s', (transport) => {
  let session: RawSession;
  beforeEach(async () => {
    session = await openSession(services().targetFor(transport));
  });
  /** Others on the connection did not notice. */
  afterEach(async () => {
    const socket = await session.connect('/ws');
    socket.destroy();
    await session.close();
  });

  it('without a key is as good as any, and so is one with a key', async () => {
    for (const options of [{}, { key: KEY }]) {
      const socket = await session.connect('/ws', options);
      socket.destroy();
    }
  });

  it.each(['connect-udp', 'h2c', 'websocket2'])(
    'for the :protocol %s is answered 501',
    async (protocol) => {
      const refusal = await refusalOf(session.connect('/ws', { protocol }));
      expect(refusal.status).toBe(501);
      expect(refusal.json()).toMatchObject({ statusCode: 501, error: 'Not Implemented' });
    },
  );

  it('by CONNECT without a :protocol is answered 405', async () => {
    const refusal = await refusalOf(session.connect('/ws', { protocol: false }));
    expect(refusal.status).toBe(405);
    expect(refusal.headers.allow).toBe('');
    expect(refusal.json()).toMatchObject({ statusCode: 405, error: 'Method Not Allowed' });
  });

  it.each(['GET', 'POST'])('by %s with a :protocol is reset', async (method) => {
    const handshake = session.connect('/ws', { method });
    await expect(handshake).rejects.toThrow(HandshakeAborted);
  });
});
