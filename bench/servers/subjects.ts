import type { Encoding, Transport } from '../load/job.js';
import * as node from './node-servers.js';
import * as others from './other-servers.js';
import type { Server, Subject } from './server.js';

/** @param wrenMain the built service's main file */
export function allSubjects(wrenMain: string): Subject[] {
  const wren = node.wren(wrenMain);
  return [
    subject(wren, { title: 'Wren' }),
    subject(wren, { id: 'wren-h2', title: 'Wren over HTTP/2', transport: 'h2' }),
    subject(node.wrenEvents, { encoding: 'event' }),
    subject(node.ws, { path: '/' }),
    subject(node.nestStock, { encoding: 'event' }),
    subject(node.fastifyWebSocket),
    subject(node.nestSocketIo, {
      encoding: 'socket.io',
      path: '/socket.io/?EIO=4&transport=websocket',
    }),
    subject(others.bun),
    subject(others.uWebSockets),
    subject(others.gorilla),
    subject(others.kestrel),
    subject(node.tcpEcho, { transport: 'tcp' }),
  ];
}

interface Use {
  readonly id?: string;
  readonly title?: string;
  readonly transport?: Transport;
  readonly encoding?: Encoding;
  readonly path?: string;
}

function subject(server: Server, use: Use = {}): Subject {
  const { id, title } = server;
  return { id, title, server, transport: 'h1', encoding: 'binary', path: '/ws', ...use };
}
