import http2 from 'node:http2';
import { createCertificate } from './testing/certificate.js';
import { RawClient } from './testing/raw-client.js';
import { describeRequest, TestServer } from './testing/test-server.js';

/** A frame on stream 1 (RFC 9113, section 4.1). */
function frame(type: number, flags: number, payload: string): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header.set([type, flags], 3);
  header.writeUInt32BE(1, 5);
  return Buffer.concat([header, Buffer.from(payload, 'latin1')]);
}

describe('HTTP/2 on a plain port', () => {
  const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
  const settings = '\x00\x00\x00\x04\x00\x00\x00\x00\x00';
  let server: TestServer;
  afterEach(() => server.close());

  const start = async (options = {}): Promise<RawClient> => {
    server = await TestServer.start(options, describeRequest);
    return RawClient.connect(server);
  };

  it('is recognised when the preface comes byte by byte', async () => {
    const client = await start();
    client.socket.setNoDelay(true);
    for (const byte of preface + settings) {
      client.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await client.receive(settings.replace('\x00\x00\x00\x04\x00', '\x00\x00\x00\x04\x01'));
  });

  it('is over when the client stays silent behind the preface', async () => {
    const client = await start({ handshakeTimeout: 100 });
    client.write(preface);
    await client.closed;
  });

  it('is over with 408 when the preface stays incomplete', async () => {
    const client = await start({ handshakeTimeout: 100 });
    client.write(preface.slice(0, -1));
    expect(await client.closed).toMatch(/^HTTP\/1\.1 408/);
  });

  it('is over when the client ends within the preface', async () => {
    const client = await start();
    client.socket.end(preface.slice(0, -1));
    expect(await client.closed).toBe('');
  });

  it('is over for a client that sends a head of 1 MB, and for no other', async () => {
    const client = await start();
    client.write(preface + settings);
    // Literal fields without indexing (RFC 7541, section 6.2.2), each of 16,000 bytes.
    const field = `\x00\x01x\x7f\x81\x7c${'x'.repeat(16_000)}`;
    client.write(frame(1, 0, '\x82\x86\x84'));
    for (let index = 0; index < 64; index += 1) client.write(frame(9, 0, field));
    await client.closed;
    const other = await RawClient.connect(server);
    other.request(['GET / HTTP/1.1', 'Host: x']);
    await other.receive('<GET / >');
  });

  it('is not spoken when it is off', async () => {
    const client = await start({ http2: false });
    client.write(preface + settings);
    expect(await client.closed).toMatch(/^HTTP\/1\.1 400/);
  });

  it('is not taken for TLS', async () => {
    const client = await start();
    client.write('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03');
    expect(await client.closed).toMatch(/^HTTP\/1\.1 400/);
  });
});

describe('HTTP/2 on a TLS port', () => {
  const tls = createCertificate();

  it('is not offered when it is off', async () => {
    const server = await TestServer.start({ tls, http2: false }, describeRequest);
    const session = http2.connect(server.origin, { rejectUnauthorized: false });
    await new Promise((resolve) => session.once('error', resolve));
    const client = await RawClient.connect(server);
    client.request(['GET / HTTP/1.1', 'Host: x']);
    await client.receive('<GET / >');
    await server.close();
  });

  it('survives a client that does not speak TLS', async () => {
    const server = await TestServer.start({ tls }, describeRequest);
    const client = await RawClient.connectPlain(server);
    client.request(['GET / HTTP/1.1', 'Host: x']);
    await client.closed;
    const silent = await RawClient.connectPlain(server);
    await server.close();
    await silent.closed;
  });
});
