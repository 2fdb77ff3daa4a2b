import { useTestApps } from '../apps/events-test-app.js';
import { closePayload, encodeFrame, exchange, Opcode } from '../support/raw-client.js';
import { close, text } from './case.js';
import { Accepted, ChecklistApp, type Seen } from './apps/checklist.app.js';
import { Conversation, upgradeHead } from './conversation.js';

const apps = useTestApps(ChecklistApp);

const echoed = (payload: string): Buffer => encodeFrame({ payload, mask: false });
const closed = (code: number, reason = ''): Buffer =>
  encodeFrame({ opcode: Opcode.Close, payload: closePayload(code, reason), mask: false });

describe.each(['h1', 'h1-tls'] as const)('Upgrade over %s', (transport) => {
  const target = () => apps().targetFor(transport);
  const start = (): Promise<Conversation> => Conversation.open(target());
  const sockets = () => apps().appFor(transport).get(Accepted);
  const accepted = () => sockets().next();
  beforeEach(() => sockets().forget());
  const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

  describe('what is no WebSocket request', () => {
    const withBody = { 'Content-Type': 'text/plain', 'Content-Length': '5' };

    it('UP-04 AcceptsRequestWithContentLengthAndUpgrade: POST with a body', async () => {
      const talk = await start();
      talk.send(`${upgradeHead('', withBody, 'POST /body HTTP/1.1')}hello`);
      const answer = await talk.response();
      expect(answer.status).toBe(201);
      expect(answer.json()).toEqual({ body: 'hello' });
      talk.destroy();
    });

    it('UP-05 AcceptsRequestWithNoContentLengthAndUpgrade: POST without a body', async () => {
      const talk = await start();
      talk.send(upgradeHead('', { 'Content-Length': '0' }, 'POST /seen HTTP/1.1'));
      const seen = (await talk.response()).json() as Seen;
      expect(seen).toMatchObject({ isWebSocketRequest: false, method: 'POST' });
      talk.destroy();
    });

    it('UP-05b AcceptsRequestWithNoContentLengthAndUpgrade: GET that is not accepted', async () => {
      const talk = await start();
      talk.send(upgradeHead('/seen'));
      const answer = await talk.response();
      expect(answer.status).toBe(200);
      expect(answer.json()).toMatchObject({ isWebSocketRequest: true, httpVersion: '1.1' });
      expect(await talk.ended()).toBe('fin');
      talk.destroy();
    });

    it('UP-06 AcceptsRequestWithChunkedEncodingAndUpgrade', async () => {
      const talk = await start();
      const chunked = { 'Content-Type': 'text/plain', 'Transfer-Encoding': 'chunked' };
      talk.send(upgradeHead('', chunked, 'POST /body HTTP/1.1'));
      talk.send('5\r\nhello\r\n0\r\n\r\n');
      expect((await talk.response()).json()).toEqual({ body: 'hello' });
      talk.destroy();
    });

    it.each([
      ['II-01 RequestWithBody_NotUpgradable', withBody],
      ['II-01b a GET with a chunked body', { 'Transfer-Encoding': 'chunked' }],
    ])('%s', async (_name, changes) => {
      const talk = await start();
      const body = 'Content-Length' in changes ? 'hello' : '0\r\n\r\n';
      talk.send(upgradeHead('/accept', changes) + body);
      expect((await talk.response()).status).toBe(426);
      talk.destroy();
    });

    it('II-07 Http1_0_Request_NotUpgradable', async () => {
      const answer = await exchange(
        target().port,
        upgradeHead('/accept', {}, 'GET /accept HTTP/1.0'),
        { transport },
      );
      expect(answer.text).toMatch(/^HTTP\/1\.1 426 /);
      expect(answer.how).toBe('fin');
    });

    it.each([
      ['no Upgrade', { Upgrade: undefined }],
      ['another Upgrade', { Upgrade: 'h2c' }],
      ['WebSocket as part of a word', { Upgrade: 'websocket2' }],
      ['no Connection', { Connection: undefined }],
      ['Connection without upgrade', { Connection: 'keep-alive' }],
    ])('UP-07 ThrowsWhenUpgradingNonUpgradableRequest: %s, 426', async (_what, changes) => {
      const talk = await start();
      talk.send(upgradeHead('/accept', changes));
      const answer = await talk.response();
      expect(answer.status).toBe(426);
      expect(answer.headers.upgrade).toBe('websocket');
      expect(answer.headers.connection?.toLowerCase()).toContain('upgrade');
      talk.destroy();
    });

    it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
      'HY-01 InvalidMethodUpgrade: %s is no WebSocket request',
      async (method) => {
        const talk = await start();
        talk.send(upgradeHead('', { 'Content-Length': '0' }, `${method} /seen HTTP/1.1`));
        expect((await talk.response()).json()).toMatchObject({
          isWebSocketRequest: false,
          method,
        });
        talk.destroy();
      },
    );

    it('HY-02 CONNECT is answered with 405', async () => {
      const answer = await exchange(
        target().port,
        'CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n',
        { transport },
      );
      expect(answer.text).toMatch(/^HTTP\/1\.1 405 /);
      expect(answer.how).toBe('fin');
    });
  });

  describe('the connection', () => {
    it('UP-11 DoesNotCloseConnectionWithout101Response: an Upgrade that is ignored', async () => {
      const talk = await start();
      talk.send(upgradeHead('/seen', { Upgrade: 'h2c' }));
      expect((await talk.response()).status).toBe(200);
      talk.send(upgradeHead('/accept'));
      expect((await talk.response()).status).toBe(101);
      await accepted();
      talk.destroy();
    });

    it('UP2-01 CanUpgradeRequestWithConnectionKeepAliveUpgradeHeader: early data too', async () => {
      const talk = await start();
      const head = upgradeHead('/accept', { Connection: 'keep-alive, upgrade' });
      talk.send(Buffer.concat([Buffer.from(head), text('early')]));
      expect((await talk.response()).status).toBe(101);
      expect(String(await (await accepted()).receive())).toBe('early');
      talk.destroy();
    });

    it('UP2-02 UpgradeRequestIsNotKeptAliveOrChunked', async () => {
      const talk = await start();
      talk.send(upgradeHead('/accept'));
      const { status, headers } = await talk.response();
      expect(status).toBe(101);
      expect(headers).toMatchObject({ connection: 'Upgrade', upgrade: 'websocket' });
      expect(headers).not.toHaveProperty('transfer-encoding');
      expect(headers).not.toHaveProperty('content-length');
      await accepted();
      talk.destroy();
    });

    it('UP2-03 UpgradedRequestNotConsumedByAppCompletes', async () => {
      const talk = await start();
      talk.send(upgradeHead('/goodbye'));
      expect((await talk.response()).status).toBe(101);
      const expected = Buffer.concat([echoed('goodbye'), closed(1000, 'Server closed')]);
      expect(await talk.bytes(expected.length)).toEqual(expected);
      talk.send(close(1000, 'Server closed'));
      expect(await talk.ended()).toBe('fin');
      talk.destroy();
    });

    it('UP2-05 ConnectionClosedAfter101Response: no further request is answered', async () => {
      const talk = await start();
      talk.send(upgradeHead('/accept'));
      expect((await talk.response()).status).toBe(101);
      await accepted();
      talk.send(get('/plain'));
      const [first, second] = await talk.bytes(2);
      expect([first, second & 0x80]).toEqual([0x88, 0]);
      talk.destroy();
    });

    it.each([
      ['an ordinary answer', '/plain', 200],
      ['a 426', '/accept', 426],
    ])('UP-13 %s ends the connection if the request said so', async (_what, path, status) => {
      const talk = await start();
      talk.send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      expect((await talk.response()).status).toBe(status);
      expect(await talk.ended()).toBe('fin');
      talk.destroy();
    });

    it('UP-12 a request pipelined before the Upgrade is answered first', async () => {
      const talk = await start();
      talk.send(get('/plain') + upgradeHead('/accept'));
      expect(await talk.response()).toMatchObject({ status: 200, text: 'plain' });
      expect((await talk.response()).status).toBe(101);
      await accepted();
      talk.destroy();
    });

    it('UP-09 DoesNotThrowOnFin', async () => {
      const talk = await start();
      talk.send(upgradeHead('/accept'));
      expect((await talk.response()).status).toBe(101);
      const socket = await accepted();
      talk.halfClose();
      expect(await socket.receive()).toBeUndefined();
      expect(await socket.closed).toEqual({
        code: 1006,
        reason: '',
        wasClean: false,
        endedBy: 'peer',
      });
      expect(await talk.ended()).toBe('fin');
      expect(apps().log.complaints).toEqual([]);
    });
  });
});
