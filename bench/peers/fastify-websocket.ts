import fastifyWebSocket from '@fastify/websocket';
import { type FastifyInstance, fastify } from 'fastify';
import type { WebSocket } from 'ws';

// @fastify/websocket, with bufferutil.

type WebSocketRoute = (
  path: string,
  options: { websocket: true },
  handler: (socket: WebSocket) => void,
) => FastifyInstance;

const app = fastify();
await app.register(fastifyWebSocket, { options: { maxPayload: 2 * 1024 * 1024 } });
await app.register(async (scope) => {
  (scope.get as unknown as WebSocketRoute)('/ws', { websocket: true }, (socket) => {
    socket.on('error', () => {});
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
});
const origin = await app.listen({ host: '127.0.0.1', port: 0 });
console.log(`Listening on ${origin}`);
