import { noSocketIsOpen, openSockets } from '../apps/open-sockets.js';
import { connect, type RawSocket, request } from '../support/raw-client.js';
import { isHttp2, transports } from '../support/transports.js';
import { usePair } from '../support/use-service.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const services = usePair();

describe.each(transports)('/connect over %s', (transport) => {
  const target = () => services().targetFor(transport);
  const httpVersion = isHttp2(transport) ? '2.0' : '1.1';

  describe('accepted', () => {
    let socket: RawSocket;

    beforeEach(async () => {
      await noSocketIsOpen(target());
      socket = await connect(target(), '/connect');
    });

    afterEach(() => socket.destroy());

    it('returns text as text and binary as binary, in order', async () => {
      const messages = ['text', Buffer.from('binary'), '', Buffer.alloc(0), 'ünïcödé 😀'];
      for (const message of messages) socket.send(message);
      for (const message of messages) {
        expect(await socket.nextMessage()).toEqual({
          data: Buffer.from(message),
          isBinary: typeof message !== 'string',
        });
      }
    });

    it('returns many messages in order', async () => {
      const texts = Array.from({ length: 2_000 }, (_, index) => `message ${index}`);
      for (const text of texts) socket.send(text);
      for (const text of texts) expect((await socket.nextMessage()).data.toString()).toBe(text);
    });

    it.each([
      { sent: 'code and reason', close: { code: 4001, reason: 'bye' } },
      { sent: 'a code', close: { code: 1000, reason: '' } },
    ])('echoes a close with $sent', async ({ close }) => {
      socket.close(close.code, close.reason);
      expect(await socket.closeFrame()).toEqual(close);
    });

    it('answers an empty close with 1000', async () => {
      socket.close();
      expect(await socket.closeFrame()).toEqual({ code: 1000, reason: '' });
    });

    it.each([
      { how: 'is closed', leave: () => socket.close(1000) },
      { how: 'is reset', leave: () => socket.reset() },
    ])('is counted until it $how', async ({ leave }) => {
      const sockets = await openSockets(target());
      expect(sockets).toMatchObject({ open: 1, byGateway: { '/connect': { [httpVersion]: 1 } } });
      leave();
      await noSocketIsOpen(target());
    });
  });

  it.each(METHODS)('answers %s that is no WebSocket request', async (method) => {
    const { status, headers } = await request(target(), { path: '/connect', method });
    if (isHttp2(transport)) {
      expect(status).toBe(400);
    } else {
      expect(status).toBe(426);
      expect(headers).toMatchObject({
        upgrade: 'websocket',
        connection: expect.stringMatching(/\bupgrade\b/i),
      });
    }
  });

  it('answers a request with a body, too', async () => {
    const headers = { 'content-type': 'text/plain' };
    const post = { path: '/connect', method: 'POST', headers, body: 'a body' };
    expect((await request(target(), post)).status).toBe(isHttp2(transport) ? 400 : 426);
  });

  it('says in JSON why it is no WebSocket request', async () => {
    const answer = await request(target(), { path: '/connect' });
    expect(answer.json()).toEqual({
      statusCode: answer.status,
      message: expect.stringContaining('Not a WebSocket request'),
      error: isHttp2(transport) ? 'Bad Request' : 'Upgrade Required',
    });
  });
});
