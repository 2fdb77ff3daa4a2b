import { once } from 'node:events';
import { constants } from 'node:http2';
import { useTestApps } from '../apps/events-test-app.js';
import { refusalOf } from '../apps/refusal-of.js';
import { openSession, type RawSession } from '../support/raw-client.js';
import { usePair } from '../support/use-service.js';
import { Accepted, ChecklistApp, SeenHeaders, type Seen } from './apps/checklist.app.js';
import { type Field, RawHttp2, type Verdict } from './raw-http2.js';

const apps = useTestApps(ChecklistApp);

const MALFORMED: Verdict = {
  kind: 'rst_stream',
  code: constants.NGHTTP2_PROTOCOL_ERROR,
};
const ANSWERED: Verdict = { kind: 'answer', endStream: false };

type Changes = Readonly<Record<string, string | undefined>>;

const plainConnect = { ':protocol': undefined, ':scheme': undefined, ':path': undefined };

describe.each(['h2-tls', 'h2c'] as const)('extended CONNECT over %s', (transport) => {
  const target = () => apps().targetFor(transport);
  const sockets = () => apps().appFor(transport).get(Accepted);
  const accepted = () => sockets().next();
  beforeEach(() => sockets().forget());

  describe('a malformed request resets its stream, and nothing else', () => {
    async function verdictOn(fields: (connection: RawHttp2) => Field[]): Promise<Verdict> {
      const connection = await RawHttp2.open(target());
      const verdict = await connection.request(fields(connection));
      expect(await connection.request(connection.connectFields('/seen'))).toEqual(ANSWERED);
      connection.destroy();
      return verdict;
    }

    it.each<[string, Changes]>([
      ['K2-04a WithoutSchemeOrPath_Reset: no :scheme', { ':scheme': undefined }],
      ['K2-04b WithoutSchemeOrPath_Reset: no :path', { ':path': undefined }],
      ['K2-11 no :authority', { ':authority': undefined }],
      ['K2-12 Host does not stand in for :authority', { ':authority': undefined, host: 'a' }],
      ['K2-05 ProtocolWithoutCONNECTMethod_Reset: GET', { ':method': 'GET' }],
      ['K2-05b ProtocolWithoutCONNECTMethod_Reset: POST', { ':method': 'POST' }],
      ['K2b-01 CONNECTMethod_WithSchemeOrPath_Reset: both', { ':protocol': undefined }],
      [
        'K2b-01a CONNECTMethod_WithSchemeOrPath_Reset: :scheme',
        { ':protocol': undefined, ':path': undefined },
      ],
      [
        'K2b-01b CONNECTMethod_WithSchemeOrPath_Reset: :path',
        { ':protocol': undefined, ':scheme': undefined },
      ],
      ['K2b-05 HeaderBlockContainsConnectionHeader', { connection: 'Upgrade' }],
      ['K2b-05a an upgrade header', { upgrade: 'websocket' }],
      ['K2b-05b a keep-alive header', { 'keep-alive': '1' }],
      ['K2b-05c a proxy-connection header', { 'proxy-connection': 'keep-alive' }],
      ['K2b-05d a transfer-encoding header', { 'transfer-encoding': 'chunked' }],
      ['K2b-05e te other than trailers', { te: 'gzip' }],
      ['K2-13 a name with capitals', { 'Sec-WebSocket-Protocol': 'p2' }],
      ['K2-14 an unknown pseudo header', { ':websocket': 'yes' }],
      ['K2-14a a pseudo header of responses', { ':status': '200' }],
      ['K2-15 an empty :path', { ':path': '' }],
      ['K2-15a a :path without its slash', { ':path': 'accept' }],
      ['K2-15b a :path of *', { ':path': '*' }],
      ['K2-16 an empty :protocol', { ':protocol': '' }],
      ['K2-16a a CR in :protocol', { ':protocol': 'web\rsocket' }],
      ['K2-16b an LF in :protocol', { ':protocol': 'web\nsocket' }],
      ['K2-16c a NUL in :protocol', { ':protocol': 'websocket\0' }],
      ['K2-16d a blank before :protocol', { ':protocol': ' websocket' }],
      ['K2-17 a blank in :scheme', { ':scheme': 'ht tp' }],
      ['K2-17a a blank in :authority', { ':authority': 'local host' }],
    ])('%s', async (_name, changes) => {
      const verdict = await verdictOn((connection) => connection.connectFields('/accept', changes));
      expect(verdict).toEqual(MALFORMED);
    });

    it.each([':method', ':protocol', ':scheme', ':path', ':authority'])(
      'K2-18 %s twice',
      async (name) => {
        const verdict = await verdictOn((connection) => {
          const fields = connection.connectFields('/accept');
          return [...fields.filter(([field]) => field === name), ...fields];
        });
        expect(verdict).toEqual(MALFORMED);
      },
    );

    it('K2-19 a pseudo header behind others', async () => {
      const verdict = await verdictOn((connection) => [
        ['origin', 'http://localhost'],
        ...connection.connectFields('/accept'),
      ]);
      expect(verdict).toEqual(MALFORMED);
    });

    it.each(['a\nb', 'a\rb', 'a\0b'])('K2-20 the value %j reaches nobody', async (value) => {
      const connection = await RawHttp2.open(target());
      const fields = connection.connectFields('/seen', { 'x-value': value });
      expect(await connection.request(fields)).toEqual(ANSWERED);
      const headers = apps().appFor(transport).get(SeenHeaders);
      expect(await headers.next('the headers')).not.toHaveProperty('x-value');
      connection.destroy();
    });
  });

  describe('a request that is well-formed', () => {
    let session: RawSession;
    beforeEach(async () => {
      session = await openSession(target());
    });
    afterEach(() => session.destroy());

    it.each(['h2c', 'connect-udp', 'web socket', 'websocket2', 'websocke', 'webtransport'])(
      'K2-21 the unknown :protocol "%s" is answered with 501',
      async (protocol) => {
        const refusal = await refusalOf(session.connect('/accept', { protocol }));
        expect(refusal.status).toBe(501);
        expect(refusal.json()).toMatchObject({ statusCode: 501 });
      },
    );

    it.each(['websocket', 'WebSocket', 'WEBSOCKET'])(
      'K2-22 the :protocol "%s" is known',
      async (protocol) => {
        const socket = await session.connect('/accept', { protocol });
        socket.destroy();
      },
    );

    it('K2b-02 CONNECTMethod without :protocol, which is a tunnel: 405', async () => {
      const refusal = await refusalOf(session.connect('/accept', { protocol: false }));
      expect(refusal.status).toBe(405);
      expect(refusal.headers.allow).toBe('');
      const connection = await RawHttp2.open(target());
      const fields = connection.connectFields('', plainConnect);
      expect(await connection.request(fields)).toEqual(ANSWERED);
      connection.destroy();
    });

    it('K2b-03 SETTINGS_KestrelDefaults_Sent: what is announced', () => {
      expect(session.http2.remoteSettings).toMatchObject({
        enableConnectProtocol: true,
        initialWindowSize: 1024 * 1024,
        maxConcurrentStreams: 1000,
        maxHeaderListSize: 16 * 1024,
      });
    });

    // The reference answers 200 here, which tells the client that its tunnel is open.
    it('K2-01 HEADERS_Received_ExtendedCONNECTMethod_Received: not accepted, 400', async () => {
      const answer = await session.request({
        method: 'CONNECT',
        path: '/seen',
        headers: {
          ':protocol': 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-protocol': 'p1, p2',
          origin: 'http://a.example',
        },
      });
      expect(answer.status).toBe(400);
      expect(answer.json()).toMatchObject({ message: 'This path does not accept a WebSocket' });
    });

    it('K2-01b END_STREAM on CONNECT: the socket is open, and ends', async () => {
      const stream = session.http2.request(
        {
          ':method': 'CONNECT',
          ':protocol': 'websocket',
          ':scheme': 'http',
          ':path': '/accept',
          ':authority': 'localhost',
          'sec-websocket-version': '13',
        },
        { endStream: true },
      );
      const [headers] = await once(stream, 'response');
      expect(headers[':status']).toBe(200);
      stream.resume();
      await once(stream, 'close');
      expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
      const socket = await accepted();
      expect(await socket.receive()).toBeUndefined();
      expect(await socket.closed).toMatchObject({ code: 1006, endedBy: 'peer' });
    });

    it('K2-02 HEADERS_Received_ExtendedCONNECTMethod_Accepted: END_STREAM both ways', async () => {
      const socket = await session.connect('/accept');
      (await accepted()).send('\x01');
      expect((await socket.nextMessage()).data).toEqual(Buffer.of(1));
      socket.halfClose();
      expect(await socket.ended()).toEqual({ how: 'end_stream' });
    });

    it('K2-03b HEADERS_Received_SecondRequest_Accepted', async () => {
      for (const text of ['first', 'second']) {
        const socket = await session.connect('/accept');
        (await accepted()).send(text);
        expect(String((await socket.nextMessage()).data)).toBe(text);
        socket.close(1000);
        expect(await socket.ended()).toEqual({ how: 'end_stream' });
      }
    });

    it('K2-10 HEADERS_Received_SecondRequest_ConnectProtocolReset: a GET follows', async () => {
      const socket = await session.connect('/accept');
      await accepted();
      socket.close(1000);
      await socket.ended();
      const seen = (await session.request({ path: '/seen' })).json() as Seen;
      expect(seen).toMatchObject({ isWebSocketRequest: false, method: 'GET', httpVersion: '2.0' });
    });

    it('K2b-06 RequestAbort_SendsRstStream: CANCEL, also after data was sent', async () => {
      const socket = await session.connect('/accept');
      const server = await accepted();
      server.send('before');
      await socket.nextMessage();
      server.terminate();
      const end = await socket.ended();
      expect(end).toEqual({ how: 'rst_stream', rstCode: constants.NGHTTP2_CANCEL });
    });

    it.each([
      ['NO_ERROR', constants.NGHTTP2_NO_ERROR],
      ['PROTOCOL_ERROR', constants.NGHTTP2_PROTOCOL_ERROR],
      ['CANCEL', constants.NGHTTP2_CANCEL],
    ])('K2b-08 RST_STREAM with %s from the client ends one socket', async (_name, code) => {
      const other = await session.connect('/accept');
      const otherServer = await accepted();
      const socket = await session.connect('/accept');
      const server = await accepted();
      socket.reset(code);
      expect(await server.closed).toMatchObject({ code: 1006, wasClean: false, endedBy: 'peer' });
      otherServer.send('still here');
      expect(String((await other.nextMessage()).data)).toBe('still here');
    });

    it('K2b-07 RemoveConnectionSpecificHeaders: a refusal has none either', async () => {
      const refusal = await refusalOf(session.connect('/accept', { version: '12' }));
      expect(refusal.status).toBe(400);
      expect(refusal.headers).not.toHaveProperty('upgrade');
      expect(refusal.headers).not.toHaveProperty('connection');
    });
  });
});

describe('HTTP2=false', () => {
  const services = usePair({ HTTP2: 'false' });

  it.each(['h2-tls', 'h2c'] as const)('K2-23 nobody speaks HTTP/2 over %s', async (transport) => {
    await expect(openSession(services().targetFor(transport))).rejects.toThrow();
  });
});
