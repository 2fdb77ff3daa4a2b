import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { OnePortServer } from './one-port-server.js';

/**
 * The HTTP/1.1 connections on which no request has arrived yet, such as browsers open in advance.
 * `http.Server` counts them as active, so that its `closeIdleConnections()` leaves them open.
 */
export class UnusedConnections {
  private readonly sockets = new Set<Socket>();

  constructor(server: OnePortServer) {
    const onRequest = (request: IncomingMessage): void => {
      this.sockets.delete(request.socket);
    };
    server.on('request', onRequest).on('upgrade', onRequest).on('connect', onRequest);
  }

  add(socket: Socket): void {
    const { sockets } = this;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  }

  destroyAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
