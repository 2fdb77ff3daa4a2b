import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

// Plain ws, with bufferutil, and an HTTP server of its own. WS_COMPRESSION as Wren's settings.

const isCompressing = process.env.WS_COMPRESSION === 'on';
const server = new WebSocketServer({
  host: '127.0.0.1',
  port: 0,
  perMessageDeflate: isCompressing && { threshold: 1024 },
});

server.on('connection', (socket) => {
  socket.on('error', () => {});
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
});
server.on('listening', () => {
  console.log(`Listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
