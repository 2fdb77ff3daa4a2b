import { createCertificate } from './testing/certificate.js';
import { RawClient } from './testing/raw-client.js';
import { describeRequest, TestServer } from './testing/test-server.js';

const tls = createCertificate();

const next = 'GET /next HTTP/1.1\r\nHost: x\r\n\r\n';

describe.each([
  ['plain', {}],
  ['TLS', { tls }],
])('An upgrade that is none for a WebSocket, %s', (_name, options) => {
  let server: TestServer;
  let client: RawClient;

  beforeEach(async () => {
    server = await TestServer.start(options, describeRequest);
    client = await RawClient.connect(server);
  });
  afterEach(() => server.close());

  it.each([
    ['h2c with a body', 'POST', 'HTTP/1.1', 'h2c', 'Upgrade, HTTP2-Settings', 'body'],
    ['h2c without a body', 'GET', 'HTTP/1.1', 'h2c', 'Upgrade, HTTP2-Settings', ''],
    ['websocket with POST', 'POST', 'HTTP/1.1', 'websocket', 'Upgrade', 'body'],
    ['websocket with a body', 'GET', 'HTTP/1.1', 'websocket', 'Upgrade', 'body'],
    ['websocket of HTTP/1.0', 'GET', 'HTTP/1.0', 'websocket', 'keep-alive, upgrade', ''],
    ['an unknown protocol', 'PUT', 'HTTP/1.1', 'IRC/6.9, x', 'keep-alive, Upgrade', 'body'],
  ])('is served as a request: %s', async (_case, method, version, protocol, connection, body) => {
    const lines = [`${method} /path ${version}`, 'Host: x', `Connection: ${connection}`];
    lines.push(`Upgrade: ${protocol}`, 'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA');
    if (body !== '') lines.push(`Content-Length: ${body.length}`);
    client.request(lines, body + next);
    await client.receive(`<${method} /path ${body}>`);
    // Node answers HTTP/1.0 with `Connection: close`, whatever the client asks for.
    if (version === 'HTTP/1.1') await client.receive('<GET /next >');
    else await client.closed;
  });

  it('keeps a chunked body of many packets', async () => {
    const chunk = 'x'.repeat(100_000);
    client.request([
      'POST /path HTTP/1.1',
      'Host: x',
      'Connection: Upgrade',
      'Upgrade: h2c',
      'Transfer-Encoding: chunked',
    ]);
    for (let sent = 0; sent < 20; sent += 1) client.write(`186a0\r\n${chunk}\r\n`);
    client.write(`0\r\n\r\n${next}`);
    await client.receive('<GET /next >');
    expect(client.received).toContain(`<POST /path ${chunk.repeat(20)}>`);
  });

  it('can come many times on a connection, behind requests that wait for their answer', async () => {
    const request = `POST /a HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 1\r\n\r\n!`;
    client.write((next + request).repeat(50) + next.replace('next', 'last'));
    await client.receive('<GET /last >');
    expect(client.received.match(/<POST \/a !>/g)).toHaveLength(50);
    expect(client.received.match(/<GET \/next >/g)).toHaveLength(50);
  });

  it('is held to maxHeaderSize as any other request, and no stricter', async () => {
    await server.close();
    server = await TestServer.start({ ...options, maxHeaderSize: 2000 }, describeRequest);
    client = await RawClient.connect(server);
    const lines = ['GET /path HTTP/1.1', 'Host: x', 'Connection: upgrade', 'Upgrade: h2c'];
    const many = Array.from({ length: 50 }, (_, index) => `x-${index + 10}:${'y'.repeat(30)}`);
    client.request([...lines, ...many]);
    await client.receive('<GET /path >');
    client.request([...lines, `X: ${'y'.repeat(3000)}`]);
    expect(await client.closed).toContain('HTTP/1.1 431');
  });
});
