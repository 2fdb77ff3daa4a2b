import { once } from 'node:events';
import { createServer as createHttp2Server, constants, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { endLeftovers } from './leftovers.js';
import {
  acceptFor,
  connect,
  type ConnectOptions,
  encodeFrame,
  HandshakeAborted,
  type RawSocket,
} from './raw-client.js';
import type { TransportName } from './transports.js';

let server: Server;

/** Connects to `server`, which sends "hi" in its first frame. */
async function open(transport: TransportName, options?: ConnectOptions): Promise<RawSocket> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = await connect({ transport, port }, '/', options);
  expect((await socket.nextMessage()).data.toString()).toBe('hi');
  return socket;
}

const greeting = encodeFrame({ payload: 'hi', mask: false });

/** Accepts a handshake and, at the first frame, does `act`. */
function http1Server(act: (socket: Socket) => void): Server {
  return createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (head) => {
      const key = /^sec-websocket-key: (.*)\r$/m.exec(head.toString())?.[1] ?? '';
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          `Sec-WebSocket-Accept: ${acceptFor(key)}\r\n\r\n`,
      );
      socket.write(greeting);
      socket.once('data', () => act(socket));
    });
  });
}

/** The same by extended CONNECT. */
function http2Server(act: (stream: ServerHttp2Stream, connection: Socket) => void): Server {
  const connections: Socket[] = [];
  const http2 = createHttp2Server({ settings: { enableConnectProtocol: true } });
  http2.on('connection', (connection: Socket) => connections.push(connection));
  http2.on('session', (session) => session.on('error', () => undefined));
  http2.on('stream', (stream) => {
    stream.on('error', () => undefined);
    stream.respond({ ':status': 200 });
    stream.write(greeting);
    stream.once('data', () => act(stream, connections[0]));
  });
  return http2;
}

afterEach(() => {
  endLeftovers();
  server.close();
});

const cancel = constants.NGHTTP2_CANCEL;
const calm = constants.NGHTTP2_ENHANCE_YOUR_CALM;

const http1Ends: Record<string, [(socket: Socket) => unknown, object]> = {
  FIN: [(socket) => socket.end(), { how: 'fin' }],
  RST: [(socket) => socket.resetAndDestroy(), { how: 'reset' }],
};

it.each(Object.entries(http1Ends))('reports %s on HTTP/1.1', async (_what, [act, end]) => {
  server = http1Server(act);
  const socket = await open('h1');
  socket.send('go');
  expect(await socket.ended()).toEqual(end);
  await expect(socket.next()).rejects.toThrow('the server ended the socket');
});

const http2Ends: Record<
  string,
  [(stream: ServerHttp2Stream, connection: Socket) => unknown, object]
> = {
  END_STREAM: [(stream) => stream.end(), { how: 'end_stream' }],
  RST_STREAM: [(stream) => stream.close(cancel), { how: 'rst_stream', rstCode: cancel }],
  'GOAWAY with an error': [
    (stream) => stream.session?.goaway(calm),
    { how: 'goaway', rstCode: calm },
  ],
  'the FIN of the connection': [(_stream, connection) => connection.end(), { how: 'fin' }],
  'the RST of the connection': [
    (_stream, connection) => connection.resetAndDestroy(),
    { how: 'reset' },
  ],
};

it.each(Object.entries(http2Ends))('reports %s on HTTP/2', async (_what, [act, end]) => {
  server = http2Server(act);
  const socket = await open('h2c');
  socket.send('go');
  expect(await socket.ended()).toEqual(end);
  await expect(socket.next()).rejects.toThrow('the server ended the socket');
});

it('tells its own end from the server’s', async () => {
  server = http2Server(() => undefined);
  const socket = await open('h2c');
  socket.reset();
  await expect(socket.ended()).rejects.toThrow('this client itself ended the socket');
});

it('keeps its side open if it is to', async () => {
  server = http1Server((socket) => socket.end());
  const socket = await open('h1', { stayHalfOpen: true });
  socket.send('go');
  expect(await socket.ended()).toEqual({ how: 'fin' });
  expect(socket.wire.stream.writable).toBe(true);
});

it('counts the bytes of a frame that was cut off', async () => {
  server = http1Server((socket) => socket.end(greeting.subarray(0, 3)));
  const socket = await open('h1');
  socket.send('go');
  await expect(socket.next()).rejects.toThrow('3 bytes into a frame');
});

it('fails every wait once the server broke the protocol', async () => {
  server = http1Server((socket) => socket.end(encodeFrame({ payload: 'masked' })));
  const socket = await open('h1');
  socket.send('go');
  await expect(socket.nextMessage()).rejects.toThrow('a masked frame');
  await expect(socket.closeFrame()).rejects.toThrow('a masked frame');
  await expect(socket.ended()).rejects.toThrow('a masked frame');
});

it('gives up at the deadline and loses nothing by it', async () => {
  server = http1Server((socket) => socket.write(greeting));
  const socket = await open('h1');
  await expect(socket.next(20)).rejects.toThrow('waited 20 ms for a frame');
  socket.send('go');
  expect((await socket.nextMessage()).data.toString()).toBe('hi');
});

it('says so when the server does not answer the handshake', async () => {
  server = createServer((socket) => socket.end());
  await expect(open('h1')).rejects.toThrow(HandshakeAborted);
});

it('verifies Sec-WebSocket-Accept', async () => {
  server = createServer((socket) => {
    socket.write(
      'HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: a\r\n\r\n',
    );
  });
  await expect(open('h1')).rejects.toThrow('Sec-WebSocket-Accept is a');
});
