import type { AddressInfo } from 'node:net';
import { createOnePortServer, upgradeOf, type OnePortServer } from '../../src/server/index.js';
import { localhostCertificate } from './certificates.js';
import {
  acceptFor,
  connect,
  encodeFrame,
  exchange,
  HandshakeRefused,
  Opcode,
  openSession,
  request,
  closePayload,
} from './raw-client.js';
import { endLeftovers } from './leftovers.js';
import { isHttp2, transports } from './transports.js';

function unmask(b: Buffer) {
  // single-frame client messages only
  const len7 = b[1] & 0x7f;
  let at = 2;
  let len = len7;
  if (len7 === 126) {
    len = b.readUInt16BE(2);
    at = 4;
  } else if (len7 === 127) {
    len = Number(b.readBigUInt64BE(2));
    at = 10;
  }
  if (b.length < at + 4 + len) return undefined;
  const m = b.subarray(at, at + 4);
  const p = Buffer.from(b.subarray(at + 4, at + 4 + len));
  for (let i = 0; i < p.length; i++) p[i] ^= m[i & 3];
  return { opcode: b[0] & 15, payload: p, rest: b.subarray(at + 4 + len) };
}
let servers: Record<'plain' | 'tls', OnePortServer>;
const log: string[] = [];
beforeAll(async () => {
  const { cert, key } = await localhostCertificate();
  const handler = (req: any, res: any) => {
    const up = upgradeOf(req);
    const path = req.url as string;
    if (!up) {
      const chunks: Buffer[] = [];
      req.on('data', (c: Buffer) => chunks.push(c));
      req.on('end', () => {
        res.statusCode = 200;
        res.setHeader('x-version', req.httpVersion);
        res.end(req.method + ' ' + path + ' ' + Buffer.concat(chunks));
      });
      return;
    }
    if (path === '/refuse') {
      res.statusCode = 403;
      res.setHeader('content-type', 'application/json');
      res.end(
        JSON.stringify({
          origins: req.headers.origin,
          raw: req.rawHeaders.filter(
            (_: string, i: number, a: string[]) => a[i - 1]?.toLowerCase() === 'origin',
          ),
        }),
      );
      return;
    }
    const h: Record<string, string> = {};
    if (req.headers['sec-websocket-key'])
      h['sec-websocket-accept'] = acceptFor(req.headers['sec-websocket-key']);
    if (path === '/sub') h['sec-websocket-protocol'] = 'b';
    const t = up.accept(h);
    let buf = Buffer.alloc(0);
    const sendOut = (f: any) => t.stream.write(encodeFrame({ mask: false, ...f }));
    t.stream.on('close', () =>
      log.push(`close ${path} ${req.httpVersion} rst=${(t.stream as any).rstCode}`),
    );
    if (path === '/stall') return;
    if (path === '/ping') sendOut({ opcode: 9, payload: 'hey' });
    if (path === '/abort') return t.abort();
    if (path === '/end') return t.end(1000);
    if (path === '/masked') {
      sendOut({ payload: 'fine' });
      t.stream.write(encodeFrame({ payload: 'x' }));
      return;
    }
    if (path === '/fragments') {
      sendOut({ fin: false, payload: 'a' });
      sendOut({ opcode: 9, payload: 'p' });
      sendOut({ opcode: 0, payload: 'b' });
    }
    if (path === '/midframe') {
      t.stream.write(encodeFrame({ mask: false, payload: 'abcdef' }).subarray(0, 4));
      t.end(1000);
      return;
    }
    t.stream.on('data', (c: Buffer) => {
      buf = Buffer.concat([buf, c]);
      for (let f; buf.length > 5 && (f = unmask(buf));) {
        buf = f.rest;
        if (f.opcode === 8) {
          sendOut({ opcode: 8, payload: f.payload });
          t.end(1000);
        } else if (f.opcode === 9) sendOut({ opcode: 10, payload: f.payload });
        else if (f.opcode === 10) sendOut({ payload: 'pong:' + f.payload });
        else sendOut(f);
      }
    });
  };
  servers = {
    plain: createOnePortServer({ closeTimeout: 500 }, handler),
    tls: createOnePortServer({ closeTimeout: 500, tls: { cert, key } }, handler),
  };
  for (const s of Object.values(servers))
    await new Promise<void>((r) => s.listen(0, '127.0.0.1', r));
});
afterAll(async () => {
  endLeftovers();
  for (const s of Object.values(servers)) await new Promise((r) => s.close(r));
});
describe.each(transports)('%s', (transport) => {
  const target = () => ({
    transport,
    port: (servers[transport.includes('tls') ? 'tls' : 'plain'].address() as AddressInfo).port,
  });
  it('echo', async () => {
    const s = await connect(target(), '/echo', { early: encodeFrame({ payload: 'early' }) });
    expect((await s.nextMessage()).data.toString()).toBe('early');
    s.send('héllo');
    s.send(Buffer.alloc(1 << 20, 7));
    s.send('');
    expect(await s.nextMessage()).toEqual({ data: Buffer.from('héllo'), isBinary: false });
    expect((await s.nextMessage()).data.length).toBe(1 << 20);
    expect((await s.nextMessage()).data.length).toBe(0);
    s.sendFrame({ opcode: Opcode.Ping, payload: 'x' });
    expect((await s.nextPong()).toString()).toBe('x');
    await s.drained();
    s.close(4001, 'bye');
    expect(await s.closeFrame()).toEqual({ code: 4001, reason: 'bye' });
    expect(await s.ended()).toEqual({ how: isHttp2(transport) ? 'end_stream' : 'fin' });
  });
  it('ping', async () => {
    const s = await connect(target(), '/ping');
    expect((await s.nextMessage()).data.toString()).toBe('pong:hey');
    expect(s.pings.map(String)).toEqual(['hey']);
    s.destroy();
    await expect(s.ended()).rejects.toThrow('itself');
  });
  it('refuse', async () => {
    const e = await connect(target(), '/refuse', {
      headers: { Origin: ['http://a', 'http://b'] },
    }).catch((x: unknown) => x);
    expect(e).toBeInstanceOf(HandshakeRefused);
    console.log(
      transport,
      (e as HandshakeRefused).status,
      (e as HandshakeRefused).json(),
      (e as HandshakeRefused).headers,
    );
  });
  it('abort', async () => {
    const s = await connect(target(), '/abort');
    const st = s.wire.stream as any;
    for (const n of ['end', 'aborted', 'close'])
      st.on(n, () => console.log(n, st.aborted, st.closed, st.destroyed, st.rstCode));
    console.log(transport, 'abort', await s.ended());
    await expect(s.next()).rejects.toThrow('ended');
  });
  it('end', async () => {
    const s = await connect(target(), '/end');
    console.log(transport, 'end', await s.ended());
  });
  it('masked', async () => {
    const s = await connect(target(), '/masked');
    expect((await s.nextMessage()).data.toString()).toBe('fine');
    await expect(s.next()).rejects.toThrow('masked');
  });
  it('fragments', async () => {
    const s = await connect(target(), '/fragments');
    expect((await s.nextMessage()).data.toString()).toBe('ab');
  });
  it('midframe', async () => {
    const s = await connect(target(), '/midframe');
    await expect(s.next()).rejects.toThrow('4 bytes into a frame');
  });
  it('reset', async () => {
    const s = await connect(target(), '/reset');
    s.reset();
    await expect(s.ended()).rejects.toThrow('itself');
  });
  it('halfClose', async () => {
    const s = await connect(target(), '/echo');
    s.sendFrame({ opcode: 8, payload: closePayload(1000) });
    s.halfClose();
    expect(await s.closeFrame()).toEqual({ code: 1000, reason: '' });
    console.log(transport, await s.ended());
  });
  it('pause', async () => {
    const s = await connect(target(), '/stall');
    let n = 0;
    while (s.send(Buffer.alloc(65536)) || s.unsent < 16e6) n++;
    console.log(transport, n, s.unsent);
    await expect(s.drained(200)).rejects.toThrow('waited 200');
    s.destroy();
  });
  it('next timeout', async () => {
    const s = await connect(target(), '/echo');
    await expect(s.next(50)).rejects.toThrow('waited 50 ms for a frame');
    s.send('a');
    expect((await s.next()).payload.toString()).toBe('a');
    s.destroy();
  });
  it('sub', async () => {
    const s = await connect(target(), '/sub', { subprotocols: ['a', 'b'] });
    expect(s.subprotocol).toBe('b');
    s.destroy();
    await expect(connect(target(), '/sub', { subprotocols: ['a'] })).rejects.toThrow(
      'sec-websocket-protocol b was not offered',
    );
  });
  it('key', async () => {
    const s = await connect(target(), '/echo', { key: 'AAAAAAAAAAAAAAAAAAAAAA==' });
    s.destroy();
  });
  it('bad key', async () => {
    console.log(
      transport,
      await connect(target(), '/echo', { headers: { 'Sec-WebSocket-Key': undefined } }).then(
        (s) => s.destroy(),
        (e) => e.message,
      ),
    );
  });
  it('protocol', async () => {
    console.log(
      transport,
      await connect(target(), '/echo', { protocol: 'foo' }).then((s) => s.destroy(), String),
    );
    console.log(
      transport,
      await connect(target(), '/echo', { protocol: false }).then((s) => s.destroy(), String),
    );
  });
  it('request', async () => {
    const a = await request(target(), { path: '/x', method: 'POST', body: 'data' });
    expect(a.text).toBe('POST /x data');
    expect(a.headers['x-version']).toBe(isHttp2(transport) ? '2.0' : '1.1');
  });
  it('refused port', async () => {
    await expect(connect({ transport, port: 1 }, '/')).rejects.toThrow('ECONNREFUSED');
  });
  if (isHttp2(transport))
    it('session', async () => {
      const session = await openSession(target());
      const ss = await Promise.all(Array.from({ length: 50 }, () => session.connect('/echo')));
      ss.forEach((s, i) => s.send(String(i)));
      expect(
        (await Promise.all(ss.map((s) => s.nextMessage()))).map((m) => Number(m.data)),
      ).toEqual(ss.map((_, i) => i));
      expect((await session.request({ path: '/y' })).text).toBe('GET /y ');
      ss[0].reset();
      ss[1].destroy();
      await expect(ss[1].ended()).rejects.toThrow();
      ss[2].close();
      console.log(await ss[2].ended());
      session.reset();
      await expect(ss[3].ended()).rejects.toThrow();
      await session.closed();
      const s2 = await openSession(target());
      await s2.request({ path: '/y' });
      await s2.close();
    });
});
it('exchange', async () => {
  const port = (servers.plain.address() as AddressInfo).port;
  console.log(await exchange(port, 'garbage\r\n\r\n').then((e) => [e.how, e.text]));
  const e = await exchange(
    port,
    [...Buffer.from('GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')].map((b) =>
      Buffer.of(b),
    ),
  );
  console.log(e.text);
});
