import { connect, exchange, openSession, parseResponse } from '../support/raw-client.js';
import { isHttp2, transports } from '../support/transports.js';
import { usePair } from '../support/use-service.js';

const HANDSHAKE_TIMEOUT_MS = 1_000;
const MEGABYTE = 1024 * 1024;
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const WEB_SOCKET = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
];

/** The first bytes of a TLS connection: a record of 512 bytes with a ClientHello. */
const TLS_HELLO = Buffer.concat([Buffer.of(22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3), Buffer.alloc(506)]);

/** The preface, and the client's SETTINGS without a setting. */
const HTTP2_HEAD = Buffer.concat([Buffer.from(PREFACE, 'latin1'), http2Frame(4, 0, '')]);

const services = usePair({ WS_HANDSHAKE_TIMEOUT: `${HANDSHAKE_TIMEOUT_MS}ms` });

/** A frame of HTTP/2 (RFC 9113, section 4.1). */
function http2Frame(type: number, streamId: number, payload: string, flags = 0): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, Buffer.from(payload, 'latin1')]);
}

/** HEADERS and CONTINUATION frames with so many bytes of fields: `x: ` and 100 characters. */
function headersOf(size: number): Buffer[] {
  const field = `\0\x01x\x64${'y'.repeat(100)}`;
  const perFrame = Math.floor(16_384 / field.length);
  const count = Math.ceil(size / field.length / perFrame);
  const payload = field.repeat(perFrame);
  return Array.from({ length: count }, (_, n) => http2Frame(n === 0 ? 1 : 9, 1, payload));
}

const lines = (...all: string[]): string => [...all, '', ''].join('\r\n');

const statusOf = (bytes: Buffer): number | undefined => parseResponse(bytes, true)?.status;

/** Whatever a client did: everybody else is served as before. */
afterEach(async () => {
  for (const transport of transports) {
    const socket = await connect(services().targetFor(transport), '/ws');
    socket.send('still here');
    expect((await socket.nextMessage()).data.toString()).toBe('still here');
    socket.destroy();
  }
});

describe.each(transports.filter((name) => !isHttp2(name)))('over %s', (transport) => {
  const say = (bytes: string | Buffer, options?: { halfClose?: boolean }) =>
    exchange(services().targetFor(transport).port, bytes, { transport, ...options });

  it.each([
    { what: 'garbage', bytes: 'garbage\r\n\r\n' },
    { what: 'bytes of no text', bytes: Buffer.from('00ff8040c0feff', 'hex') },
    { what: 'a TLS hello', bytes: TLS_HELLO },
    { what: 'half a preface and something else', bytes: 'PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n' },
    { what: 'a header without a name', bytes: lines('GET / HTTP/1.1', ': x') },
    { what: 'a header with a NUL', bytes: lines('GET / HTTP/1.1', 'Host: x\0y') },
    { what: 'a version from the future', bytes: lines('GET /ws HTTP/9.9', 'Host: x') },
    { what: 'a frame instead of a request', bytes: Buffer.from('818212345678', 'hex') },
  ])('$what is answered 400, and the connection closed', async ({ bytes }) => {
    const answer = await say(bytes);
    expect(statusOf(answer.bytes)).toBe(400);
  });

  it.each(['/ws', '/connect'])(
    'a WebSocket by HTTP/1.0 for %s is told to upgrade, and the connection closed',
    async (path) => {
      const answer = await say(lines(`GET ${path} HTTP/1.0`, 'Host: x', ...WEB_SOCKET));
      expect(statusOf(answer.bytes)).toBe(426);
    },
  );

  it.each(['/ws', '/connect'])(
    'a client that wants to close is told to upgrade at %s, and the connection closed',
    async (path) => {
      const answer = await say(lines(`GET ${path} HTTP/1.1`, 'Host: x', 'Connection: close'));
      expect(statusOf(answer.bytes)).toBe(426);
    },
  );

  it('CONNECT is answered 405', async () => {
    const answer = await say(lines('CONNECT example.com:443 HTTP/1.1', 'Host: example.com:443'));
    const response = parseResponse(answer.bytes, true);
    expect(response?.status).toBe(405);
    expect(response?.headers.allow).toBe('');
    expect(response?.json()).toMatchObject({ statusCode: 405, error: 'Method Not Allowed' });
  });

  it('CONNECT that asks for a WebSocket is answered 405', async () => {
    const answer = await say(lines('CONNECT /ws HTTP/1.1', 'Host: x', ...WEB_SOCKET));
    expect(statusOf(answer.bytes)).toBe(405);
  });

  it.each([
    { what: 'one header', head: [`X-Large: ${'x'.repeat(MEGABYTE)}`] },
    {
      what: 'many headers',
      head: Array.from({ length: 20_000 }, (_, n) => `X-${n}: ${'y'.repeat(40)}`),
    },
    { what: 'a path', head: [], path: `/ws?${'z'.repeat(MEGABYTE)}` },
  ])('a megabyte of $what is answered 431', async ({ head, path = '/ws' }) => {
    const answer = await say(lines(`GET ${path} HTTP/1.1`, 'Host: x', ...head, ...WEB_SOCKET));
    expect(statusOf(answer.bytes)).toBe(431);
  });

  it.each([
    { what: 'nothing', bytes: '' },
    { what: 'half a line', bytes: 'GET /ws HT' },
    { what: 'half a head', bytes: 'GET /ws HTTP/1.1\r\nHost: x\r\n' },
    { what: 'half a preface', bytes: PREFACE.slice(0, 16) },
  ])('who says $what and no more is answered 408', async ({ bytes }) => {
    const answer = await say(bytes);
    expect(statusOf(answer.bytes)).toBe(408);
  });

  it.each([
    { what: 'nothing', bytes: '' },
    { what: 'half a head', bytes: 'GET /ws HTTP/1.1\r\nHost: x\r\n' },
    { what: 'half a preface', bytes: PREFACE.slice(0, 10) },
  ])('who says $what and leaves is let go', async ({ bytes }) => {
    await say(bytes, { halfClose: true });
  });
});

describe.each(transports.filter(isHttp2))('over %s', (transport) => {
  const target = () => services().targetFor(transport);
  const say = (bytes: string | Buffer) => exchange(target().port, bytes, { transport });

  it('a preface and then silence is let go', async () => {
    await say(PREFACE);
  });

  it('a preface and then garbage is let go', async () => {
    await say(`${PREFACE}garbage garbage garbage`);
  });

  it('half a preface and then silence is let go', async () => {
    await say(PREFACE.slice(0, 16));
  });

  it('a megabyte of headers ends the connection', async () => {
    await say(Buffer.concat([HTTP2_HEAD, ...headersOf(MEGABYTE)]));
  });

  it('more headers than the server announced end that request alone', async () => {
    const session = await openSession(target());
    const headers = { 'X-Large': 'x'.repeat(32 * 1024) };
    await expect(session.connect('/ws', { headers })).rejects.toMatchObject({ how: 'rst_stream' });
    const socket = await session.connect('/ws');
    socket.destroy();
    await session.close();
  });
});

it('a client that does not speak TLS is let go on the port that does', async () => {
  const { port } = services().targetFor('h1-tls');
  await exchange(port, lines('GET /ws HTTP/1.1', 'Host: x', ...WEB_SOCKET));
});
