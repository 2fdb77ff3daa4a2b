import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { OnePortServer } from './one-port-server-options.js';

/**
 * The HTTP/1.1 connections on which no request has arrived yet, such as browsers open in advance.
 * `http.Server` counts them as active, so that its `closeIdleConnections()` leaves them open.
 */
export class UnusedConnections {
  private readonly sockets = new Set<Socket>();
  private readonly forget: (this: Socket) => void;

  constructor(server: OnePortServer) {
    const { sockets } = this;
    this.forget = function () {
      sockets.delete(this);
    };
    const onRequest = ({ socket }: IncomingMessage): void => {
      if (sockets.delete(socket)) socket.off('close', this.forget);
    };
    server.on('request', onRequest).on('upgrade', onRequest).on('connect', onRequest);
  }

  add(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', this.forget);
  }

  destroyAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
