import { useTestApps } from '../apps/events-test-app.js';
import { refusalOf } from '../apps/refusal-of.js';
import { connect, type ConnectOptions, type RawSocket, request } from '../support/raw-client.js';
import { isHttp2, transports } from '../support/transports.js';
import { ChecklistApp } from './apps/checklist.app.js';
import { SAMPLE_ACCEPT, SAMPLE_KEY } from './conversation.js';

const apps = useTestApps(ChecklistApp);

const UPGRADE_FIELDS = ['connection', 'upgrade', 'content-length', 'transfer-encoding'];

describe.each(transports)('the handshake over %s', (transport) => {
  const target = () => apps().targetFor(transport);
  const open = (options?: ConnectOptions, path = '/accept'): Promise<RawSocket> =>
    connect(target(), path, options);
  const notAllowed = isHttp2(transport) ? 400 : 426;

  describe('success', () => {
    it('MW-01 Connect_Success', async () => {
      const socket = await open();
      expect(socket.subprotocol).toBeUndefined();
      expect(socket.handshake.extensions).toBeUndefined();
      socket.destroy();
    });

    it('HS-01 CreatesCorrectResponseKey: the vector of RFC 6455, section 1.3', async () => {
      const socket = await open({ key: SAMPLE_KEY });
      expect(socket.handshake.headers['sec-websocket-accept']).toBe(SAMPLE_ACCEPT);
      socket.destroy();
    });

    it('HS-02 AcceptsValidRequestKeys', async () => {
      const socket = await open({ key: Buffer.alloc(16).toString('base64') });
      socket.destroy();
    });

    it('MW-22 MultipleValueHeadersNotOverridden', async () => {
      const headers = isHttp2(transport)
        ? {}
        : { Connection: 'Upgrade, keep-alive', Upgrade: 'websocket, example' };
      const socket = await open({ headers });
      socket.destroy();
    });

    it('H2-01 Http2Handshake_Success: capitals in the protocol, p2 of p1 and p2', async () => {
      const socket = await open({ protocol: 'WebSocket', subprotocols: ['p1', 'p2'] });
      expect(socket.subprotocol).toBe('p2');
      if (isHttp2(transport)) {
        for (const name of [...UPGRADE_FIELDS, 'sec-websocket-accept']) {
          expect(socket.handshake.headers).not.toHaveProperty(name);
        }
      }
      socket.destroy();
    });

    it('K2-03 headers set before accept are kept', async () => {
      const socket = await open({}, '/accept-with-headers');
      expect(socket.handshake.headers).toMatchObject({
        'x-set-before': 'kept',
        'x-set-by-accept': 'sent',
      });
      socket.destroy();
    });
  });

  describe('subprotocols', () => {
    it('MW-02 NegotiateSubProtocol_Success: its case counts', async () => {
      const same = await open({ subprotocols: ['alpha', 'Bravo', 'charlie'] });
      expect(same.subprotocol).toBe('Bravo');
      same.destroy();
      const other = await open({ subprotocols: ['alpha', 'bravo', 'charlie'] });
      expect(other.subprotocol).toBeUndefined();
      other.destroy();
    });

    it.each([
      ['several header fields are one list', ['p3', 'p2'], 'p2'],
      ['blanks around the commas', ['p1 ,\tp3'], 'p3'],
      ['the server prefers', ['Bravo, p3, p2'], 'p2'],
      ['none in common', ['p9'], undefined],
    ])('HS-10 %s', async (_what, lines, chosen) => {
      const socket = await open({ headers: { 'Sec-WebSocket-Protocol': lines } });
      expect(socket.subprotocol).toBe(chosen);
      socket.destroy();
    });

    it.each(['p2 p3', 'p2,,p3', ',p2', 'p2,', 'p2;q=1', 'p2, p2', '"p2"', 'p2/3', '(p2)'])(
      'HS-11 the malformed list %s is refused with 400',
      async (list) => {
        const refusal = await refusalOf(open({ headers: { 'Sec-WebSocket-Protocol': list } }));
        expect(refusal.status).toBe(400);
      },
    );
  });

  describe('refusals', () => {
    it.each([
      ['17 bytes', Buffer.alloc(17).toString('base64')],
      ['15 bytes', Buffer.alloc(15).toString('base64')],
      ['empty', ''],
      ['24 characters that are no base64', '!!!!!!!!!!!!!!!!!!!!!!=='],
      ['bits behind the 16 bytes', 'dGhlIHNhbXBsZSBub25jZR=='],
      ['no padding', SAMPLE_KEY.slice(0, 22)],
      ['base64url', '-_-_-_-_-_-_-_-_-_-_-A=='],
    ])('HS-03 RejectsInvalidRequestKeys: %s', async (_what, key) => {
      const refusal = await refusalOf(open({ key }));
      expect(refusal.status).toBe(400);
      expect(refusal.json()).toMatchObject({ statusCode: 400 });
    });

    it('HS-04 two keys are refused with 400', async () => {
      const keys = [SAMPLE_KEY, Buffer.alloc(16).toString('base64')];
      const refusal = await refusalOf(open({ headers: { 'Sec-WebSocket-Key': keys } }));
      expect(refusal.status).toBe(400);
    });

    it.each(['12', '8', '0', '', '013', '13.0', '+13', 'thirteen', '14', '255'])(
      'HS-05 version "%s" is answered with the one that is spoken',
      async (version) => {
        const refusal = await refusalOf(open({ version }));
        expect(refusal.status).toBe(notAllowed);
        expect(refusal.headers['sec-websocket-version']).toBe('13');
      },
    );

    it('HS-06 no version at all is answered the same', async () => {
      const refusal = await refusalOf(open({ headers: { 'Sec-WebSocket-Version': undefined } }));
      expect(refusal.status).toBe(notAllowed);
      expect(refusal.headers['sec-websocket-version']).toBe('13');
    });

    it('HS-07 a plain GET where a WebSocket is expected', async () => {
      const answer = await request(target(), { path: '/accept' });
      expect(answer.status).toBe(notAllowed);
      expect(answer.headers.upgrade).toBe(isHttp2(transport) ? undefined : 'websocket');
      expect(answer.json()).toMatchObject({ statusCode: notAllowed });
    });

    it('HS-08 a WebSocket that nobody serves: 404 in JSON', async () => {
      const refusal = await refusalOf(open({}, '/nowhere'));
      expect(refusal.status).toBe(404);
      expect(refusal.json()).toMatchObject({ statusCode: 404, error: 'Not Found' });
    });

    it('K2-09 ExtendedCONNECTMethod_CanHaveNon200ResponseWithBody', async () => {
      const refusal = await refusalOf(open({}, '/teapot'));
      expect(refusal.status).toBe(418);
      expect(refusal.json()).toEqual({ statusCode: 418, message: 'I am a teapot' });
    });
  });

  describe('origins', () => {
    const from = (origin: string | string[], path: string): Promise<RawSocket> =>
      open({ headers: { Origin: origin } }, `/origins/${path}`);

    it.each([
      ['a', 'no guard', 'unguarded', 'http://example.com'],
      ['d', 'one of several', 'several', 'http://example.com'],
      ['e', '*', 'any', 'http://example.com'],
      ['f', '* beside another', 'any-and-other', 'http://example.com'],
      ['g', 'capitals in the list', 'capitals', 'http://example.com'],
      ['h', 'capitals in the request', 'several', 'http://EXAMPLE.com'],
      ['i', 'the default port in the request', 'several', 'http://example.com:80'],
    ])('MW-19%s OriginIsValidated: %s passes', async (_id, _what, path, origin) => {
      const socket = await from(origin, path);
      expect(await socket.closeFrame()).toEqual({ code: 1000, reason: '' });
      socket.destroy();
    });

    it.each([
      ['b', 'the default, which is the own host', 'self', 'http://example.com'],
      ['c', 'not in the list', 'other', 'http://example.com'],
      ['j', 'another scheme', 'several', 'https://example.com'],
      ['k', 'another port', 'several', 'http://example.com:81'],
      ['l', 'null', 'several', 'null'],
      ['m', 'a longer host', 'several', 'http://example.com.evil.com'],
      ['n', 'a shorter host', 'several', 'http://ample.com'],
      ['o', 'two origins, one of them good', 'several', ['http://example.com', 'http://e.com']],
      ['p', 'empty', 'several', ''],
    ])('MW-19%s OriginIsValidated: %s is refused with 403', async (_id, _what, path, origin) => {
      const refusal = await refusalOf(from(origin, path));
      expect(refusal.status).toBe(403);
      expect(refusal.json()).toMatchObject({ statusCode: 403 });
    });

    it('MW-19q OriginIsValidated: no Origin is no browser, and passes', async () => {
      const socket = await open({}, '/origins/other');
      socket.destroy();
    });

    it('MW-20 OriginIsNotValidatedForNonWebSocketRequests', async () => {
      const headers = { origin: 'http://example.com' };
      const plain = await request(target(), { path: '/plain', headers });
      expect(plain).toMatchObject({ status: 200, text: 'plain' });
      const guarded = await request(target(), { path: '/origins/other', headers });
      expect(guarded.status).toBe(notAllowed);
    });
  });
});
