import http2 from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import type { AddressInfo } from 'node:net';
import { localhostCertificate } from './certificates.js';
import { acceptFor, connect, encodeFrame } from './raw-client.js';
import { endLeftovers } from './leftovers.js';

it.each(['goaway', 'destroy', 'fin', 'rst', 'rst0', 'goaway0', 'rst11', 'norespond'])(
  'h2c %s',
  async (kind) => {
    const server = http2.createServer({ settings: { enableConnectProtocol: true } });
    server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      if (kind === 'norespond') return stream.close(7);
      stream.respond({ ':status': 200 });
      stream.write(encodeFrame({ mask: false, payload: 'hi' }));
      stream.on('data', () => {
        const s = stream.session as any;
        if (kind === 'goaway') s.goaway(11);
        if (kind === 'goaway0') s.goaway(0);
        if (kind === 'destroy') s.destroy();
        if (kind === 'fin') sock.end();
        if (kind === 'rst') sock.resetAndDestroy();
        if (kind === 'rst0') {
          (stream as any).rstStream?.(0);
          stream.close(0);
        }
        if (kind === 'rst11') stream.close(11);
      });
    });
    let sock: any;
    server.on('session', (s) => s.on('error', () => undefined));
    server.on('connection', (s) => {
      sock = s;
    });
    await new Promise<void>((r) => server.listen(0, '127.0.0.1', r));
    const s = await connect(
      { transport: 'h2c', port: (server.address() as AddressInfo).port },
      '/',
    ).catch((e) => {
      console.log(kind, String(e), e.rstCode);
    });
    if (s) {
      await s.nextMessage();
      s.send('go');
      console.log(kind, await s.ended(800).catch(String));
    }
    endLeftovers();
    server.close();
  },
);
it.each(['h1', 'h1-tls'] as const)('%s reset', async (transport) => {
  const { cert, key } = await localhostCertificate();
  const seen: string[] = [];
  const on = (socket: net.Socket) => {
    socket.once('data', (d) => {
      socket.write(
        `HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptFor(/key: (.*)\r/.exec(String(d))![1])}\r\n\r\n`,
      );
      socket.once('data', () => ((socket as any)._parent ?? socket).resetAndDestroy());
    });
    socket.on('error', (e) => seen.push(e.message));
    socket.on('end', () => seen.push('end'));
    socket.on('close', () => seen.push('close'));
  };
  const server =
    transport === 'h1'
      ? net.createServer(on)
      : tls.createServer({ cert, key, ALPNProtocols: ['http/1.1'] }, on);
  await new Promise<void>((r) => server.listen(0, '127.0.0.1', r));
  const target = { transport, port: (server.address() as AddressInfo).port };
  const s = await connect(target, '/');
  s.reset();
  await expect(s.ended()).rejects.toThrow('itself');
  const s2 = await connect(target, '/');
  s2.send('x');
  console.log(transport, await s2.ended().catch(String));
  await new Promise((r) => setTimeout(r, 100));
  console.log(transport, seen);
  server.close();
});
