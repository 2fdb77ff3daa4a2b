import { once } from 'node:events';
import { constants, type ClientHttp2Session } from 'node:http2';
import { upgradeOf, type Upgrade } from './index.js';
import { createCertificate } from './testing/certificate.js';
import { answerOf, connectHttp2, openSocket, openStream, receive } from './testing/http2-client.js';
import { describeRequest, echo, TestServer } from './testing/test-server.js';

const tls = createCertificate();

describe.each([
  ['plain', {}],
  ['TLS', { tls }],
])('HTTP/2, %s', (_name, options) => {
  let server: TestServer;
  afterEach(() => server.close());

  const start = async (handler = describeRequest, more = {}): Promise<ClientHttp2Session> => {
    server = await TestServer.start({ ...options, ...more }, handler);
    return connectHttp2(server);
  };

  it('announces extended CONNECT, windows for uploads and a limit of streams', async () => {
    const session = await start();
    expect(session.remoteSettings).toMatchObject({
      enableConnectProtocol: true,
      initialWindowSize: 1024 * 1024,
      maxConcurrentStreams: 1_000,
      maxHeaderListSize: 16 * 1024,
    });
    expect(session.state.remoteWindowSize).toBeLessThanOrEqual(16 * 1024 * 1024);
  });

  it('serves requests', async () => {
    const session = await start();
    const stream = openStream(session, { ':method': 'POST', ':path': '/path' }).end('body');
    const { headers, body } = await answerOf(stream);
    expect(headers[':status']).toBe(200);
    expect(body).toBe('<POST /path body>');
  });

  describe('extended CONNECT', () => {
    it('is accepted with 200 and the headers given', async () => {
      const session = await start(echo);
      const stream = openSocket(session, { ':protocol': 'WebSocket' });
      stream.write('early');
      const [headers] = await once(stream, 'response');
      expect(headers).toMatchObject({ ':status': 200, 'sec-websocket-protocol': 'chat' });
      expect(headers).not.toHaveProperty('upgrade');
      await receive(stream, 'early');
    });

    it('keeps the bytes that arrive until it is accepted, and until they are read', async () => {
      let onUpgrade: (upgrade: Upgrade) => void = () => undefined;
      const asked = new Promise<Upgrade>((resolve) => {
        onUpgrade = resolve;
      });
      const session = await start((request, response) => {
        const upgrade = upgradeOf(request);
        if (upgrade) onUpgrade(upgrade);
        else response.end();
      });
      const stream = openSocket(session);
      stream.write('a'.repeat(500_000));
      const upgrade = await asked;
      expect(upgrade).toMatchObject({ httpVersion: '2.0', protocol: 'websocket' });
      const transport = upgrade.accept({});
      await once(stream, 'response');
      stream.write('b'.repeat(500_000));
      // The server has what was written when it has answered what was asked behind it.
      await answerOf(openStream(session, { ':path': '/' }).end());
      expect(transport.stream.readableFlowing).not.toBe(true);
      transport.stream.on('data', (data: Buffer) => transport.stream.write(data));
      stream.write('c');
      const received = await receive(stream, 'c');
      expect(received).toBe('a'.repeat(500_000) + 'b'.repeat(500_000) + 'c');
    });

    it('is refused with an ordinary answer', async () => {
      const session = await start();
      const { headers, body, rstCode } = await answerOf(openSocket(session));
      expect(headers[':status']).toBe(403);
      expect(body).toBe('refused');
      expect(rstCode).toBe(constants.NGHTTP2_NO_ERROR);
    });

    it('is refused with 501 for another protocol', async () => {
      const session = await start();
      const stream = openSocket(session, { ':protocol': 'connect-udp' });
      const { headers, body } = await answerOf(stream);
      expect(headers[':status']).toBe(501);
      expect(JSON.parse(body)).toMatchObject({ statusCode: 501, error: 'Not Implemented' });
    });

    it('is accepted once, and with headers that cannot break out', async () => {
      const errors: string[] = [];
      const session = await start((request) => {
        for (const headers of [
          { a: 'b\r\nc: d' },
          { ':status': '500' },
          { upgrade: 'x' },
          {},
          {},
        ]) {
          try {
            upgradeOf(request)?.accept(headers as Record<string, string>);
          } catch (error) {
            errors.push((error as Error).name);
          }
        }
      });
      const [headers] = await once(openSocket(session), 'response');
      expect(headers[':status']).toBe(200);
      expect(errors).toEqual(['TypeError', 'TypeError', 'TypeError', 'Error']);
    });

    it('cannot be accepted when the client has reset the stream', async () => {
      const error = new Promise((resolve) => {
        void start((request, response) => {
          response.once('close', () => {
            try {
              upgradeOf(request)?.accept({});
            } catch (reason) {
              resolve(reason);
            }
          });
          response.write('x');
        }).then((session) => {
          const stream = openSocket(session);
          stream.once('response', () => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
        });
      });
      expect(String(await error)).toMatch(/answered|gone/);
    });
  });

  it('CONNECT without :protocol is refused with 405', async () => {
    const session = await start();
    const stream = openStream(session, { ':method': 'CONNECT', ':authority': 'example.com:443' });
    const { headers, body } = await answerOf(stream);
    expect(headers).toMatchObject({ ':status': 405, allow: '' });
    expect(JSON.parse(body)).toMatchObject({ statusCode: 405, error: 'Method Not Allowed' });
  });

  describe('bad input', () => {
    it('a head above maxHeaderSize is refused, and no other stream is harmed', async () => {
      const session = await start(echo);
      const socket = openSocket(session);
      await once(socket, 'response');
      const stream = openStream(session, { ':path': '/', ...fields(60, 900) });
      const { headers, rstCode } = await answerOf(stream);
      expect(headers[':status']).toBeUndefined();
      expect(rstCode).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
      socket.write('still there');
      await receive(socket, 'still there');
    });

    it('a session that is reset is gone without a word', async () => {
      const session = await start(echo);
      const stream = openSocket(session);
      await once(stream, 'response');
      const closed = once(server.server, 'close');
      session.destroy();
      await server.close();
      await closed;
    });
  });

  it('an idle connection is closed with GOAWAY', async () => {
    const session = await start(describeRequest, { http2IdleTimeout: 50 });
    const [code] = await once(session, 'goaway');
    expect(code).toBe(constants.NGHTTP2_NO_ERROR);
    await new Promise((resolve) => session.once('close', resolve));
  });

  it('a connection with an open stream is not idle', async () => {
    const session = await start(echo, { http2IdleTimeout: 50 });
    const stream = openSocket(session);
    await once(stream, 'response');
    const other = await connectHttp2(server);
    await once(other, 'goaway');
    expect(session.closed).toBe(false);
    stream.end();
    stream.resume();
    stream.close();
    await once(session, 'goaway');
  });
});

/** So many header fields of so many bytes. */
function fields(count: number, length: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`x-${index}`, 'x'.repeat(length)]),
  );
}
