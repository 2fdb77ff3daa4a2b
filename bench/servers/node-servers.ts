import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { compiled, repository } from '../paths.js';
import { installNpmPackages } from './npm-packages.js';
import type { Server } from './server.js';

/** The service as `npm start` starts it: all settings but the port at their defaults. */
export function wren(main: string): Server {
  return {
    id: 'wren',
    title: 'Wren',
    prepare: () => access(main),
    command: () => [process.execPath, main],
    env: { PORT: '0' },
  };
}

export const wrenEvents: Server = {
  id: 'wren-events',
  title: 'Wren, event lane',
  prepare: () => access(join(repository, 'node_modules')),
  command: () => [process.execPath, join(compiled, 'wren/event-lane.js')],
};

export const tcpEcho = nodePeer('tcp-echo', 'TCP echo (Node)', async () => {});
export const ws = nodePeer('ws', 'ws');
export const nestStock = nodePeer('nest-stock', 'Nest WsAdapter');
export const nestSocketIo = nodePeer('nest-socket-io', 'Nest Socket.IO');
export const fastifyWebSocket = nodePeer('fastify-websocket', '@fastify/websocket');

function nodePeer(id: string, title: string, prepare = installNpmPackages): Server {
  return {
    id,
    title,
    prepare,
    command: () => [process.execPath, join(compiled, 'peers', `${id}.js`)],
  };
}
