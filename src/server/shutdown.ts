import type { Socket } from 'node:net';
import type { OnePortServer } from './one-port-server-options.js';

/**
 * Makes `server.close()` come to an end, whatever the clients do: what is idle is closed at once,
 * what is left after `closeTimeout` milliseconds is destroyed.
 *
 * @param closeIdle is called once, to close what `http.Server` knows nothing of.
 */
export function boundClose(
  server: OnePortServer,
  closeTimeout: number | (() => number),
  closeIdle: () => void,
): void {
  // Under TLS these are the sockets below the TLS sockets, so a stuck handshake is among them.
  const sockets = new Set<Socket>();
  function forget(this: Socket): void {
    sockets.delete(this);
  }
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', forget);
  });

  let closing = false;
  const close = server.close.bind(server);
  server.close = (callback) => {
    close(callback);
    if (closing) return server;
    closing = true;
    // Requests under way are answered; their connections are not kept for another one.
    server.keepAliveTimeout = 1;
    closeIdle();
    const destroyAll = () => {
      for (const socket of sockets) socket.destroy();
    };
    const timeout = typeof closeTimeout === 'number' ? closeTimeout : closeTimeout();
    const timer = setTimeout(destroyAll, timeout);
    server.once('close', () => clearTimeout(timer));
    return server;
  };
}
