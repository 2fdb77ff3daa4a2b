import { once } from 'node:events';
import { WebSocket } from 'ws';
import { within } from '../deadline.js';
import type { Target, TransportName } from '../transports.js';
import {
  type ThirdPartyClient,
  type ThirdPartyOptions,
  ThirdPartySocket,
  webSocketUrl,
} from './client.js';

/** The client of `ws`, which speaks HTTP/1.1 only. */
export function wsClient(transport: TransportName): ThirdPartyClient {
  return { name: `ws over ${transport}`, transport, reportsRefusal: true, connect };
}

async function connect(
  target: Target,
  path: string,
  { subprotocols = [], headers }: ThirdPartyOptions = {},
): Promise<ThirdPartySocket> {
  const socket = new WebSocket(webSocketUrl(target, path), [...subprotocols], {
    headers: { ...headers },
    rejectUnauthorized: false,
  });
  const client = new ThirdPartySocket(socket, () => socket.terminate());
  socket.on('message', (data: Buffer, isBinary) => client.messageReceived(data, isBinary));
  socket.on('close', (code, reason) => client.hasClosed({ code, reason: reason.toString() }));
  socket.on('error', () => undefined); // 'close' follows, and `once` rejects before 'open'
  await within(once(socket, 'open'), `ws to open ${path} over ${target.transport}`);
  return client;
}
