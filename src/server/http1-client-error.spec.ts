import { createCertificate } from './testing/certificate.js';
import { RawClient } from './testing/raw-client.js';
import { describeRequest, TestServer } from './testing/test-server.js';

const tls = createCertificate();

describe.each([
  ['plain', {}],
  ['plain, without HTTP/2', { http2: false }],
  ['TLS', { tls }],
])('Bad input over HTTP/1.1, %s', (_name, options) => {
  let server: TestServer;
  afterEach(() => server.close());

  const start = async (handler = describeRequest, more = {}): Promise<RawClient> => {
    server = await TestServer.start({ ...options, ...more }, handler);
    return RawClient.connect(server);
  };

  it('garbage is answered 400', async () => {
    const client = await start();
    client.write('\x00\x01garbage\r\n\r\n');
    expect(await client.closed).toMatch(/^HTTP\/1\.1 400 [^]*"statusCode":400/);
  });

  it('a head of 1 MB is answered 431, while it is still being sent', async () => {
    const client = await start();
    client.request(['GET / HTTP/1.1', 'Host: x', `X: ${'x'.repeat(1024 * 1024)}`]);
    expect(await client.closed).toMatch(/^HTTP\/1\.1 431 [^]*"statusCode":431/);
  });

  it('a head within maxHeaderSize is fine, one above it is not', async () => {
    const client = await start(describeRequest, { maxHeaderSize: 1000 });
    client.request(['GET /ok HTTP/1.1', 'Host: x', `X: ${'x'.repeat(900)}`]);
    await client.receive('<GET /ok >');
    client.request(['GET / HTTP/1.1', 'Host: x', `X: ${'x'.repeat(1000)}`]);
    expect(await client.closed).toContain('HTTP/1.1 431');
  });

  it('a silent client is answered 408', async () => {
    const client = await start(describeRequest, { handshakeTimeout: 100 });
    expect(await client.closed).toContain('HTTP/1.1 408');
  });

  it('a head that comes byte by byte is answered 408', async () => {
    const client = await start(describeRequest, { handshakeTimeout: 200 });
    client.write('GET / HTTP/1.1\r\nX: ');
    const drip = setInterval(() => client.write('x'), 10);
    expect(await client.closed).toContain('HTTP/1.1 408');
    clearInterval(drip);
  });

  it('a client that ends without a word is let go', async () => {
    const client = await start();
    client.socket.end();
    expect(await client.closed).toBe('');
  });
});
