import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { forget, track } from '../support/leftovers.js';
import type { Target } from '../support/transports.js';
import { MAX_MESSAGE_SIZE } from './payloads.js';

/** What makes Wren's limits those of the `ws` server below. */
export const WREN_SETTINGS = {
  WS_MAX_MESSAGE_SIZE: String(MAX_MESSAGE_SIZE),
  WS_COMPRESSION: 'on',
  WS_COMPRESSION_THRESHOLD: '1kb',
  WS_KEEP_ALIVE_INTERVAL: '0',
} as const;

/** An echo server as plain as `ws` makes it. */
export class WsEchoServer {
  private constructor(private readonly server: WebSocketServer) {}

  static async start(): Promise<WsEchoServer> {
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port: 0,
      maxPayload: MAX_MESSAGE_SIZE,
      perMessageDeflate: { threshold: 1024 },
    });
    server.on('connection', (socket) => {
      socket.on('error', () => undefined);
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    });
    await once(server, 'listening');
    const started = new WsEchoServer(server);
    track(started, () => started.stop());
    return started;
  }

  get target(): Target {
    return { transport: 'h1', port: (this.server.address() as AddressInfo).port };
  }

  stop(): void {
    forget(this);
    for (const client of this.server.clients) client.terminate();
    this.server.close();
  }
}
