import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { errorBody } from './error-response.js';
import { headWithoutUpgrade } from './http1-replay.js';
import { afterEarlierResponses } from './http1-socket.js';
import { FinalResponse, Http1Upgrade } from './http1-upgrade.js';
import { isWebSocketRequest } from './http1-websocket-request.js';
import type { OnePortServer, RequestHandler } from './one-port-server-options.js';
import { attachUpgrade } from './upgrade-request.js';

/**
 * Makes requests of what `http.Server` emits apart from 'request': a WebSocket upgrade is handled
 * as any request is, another upgrade is served as if it had not asked, CONNECT is refused.
 *
 * @param serve starts (again) to parse HTTP/1.1 on a socket.
 */
export function dispatchUpgrades(
  server: OnePortServer,
  handler: RequestHandler,
  serve: (socket: Socket) => void,
): void {
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    takeOver(socket, () => {
      if (isWebSocketRequest(request)) {
        if (head.length > 0) socket.unshift(head);
        const response = new FinalResponse(request, socket);
        if (!hasOneHost(request)) {
          refuse(response, 400, 'A request must have one Host header');
          return;
        }
        attachUpgrade(request, new Http1Upgrade(response, socket));
        handler(request, response);
      } else {
        socket.unshift(Buffer.concat([headWithoutUpgrade(request), head]));
        serve(socket);
      }
    });
  });

  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    takeOver(socket, () => refuseConnect(new FinalResponse(request, socket)));
  });
}

/** Prepares a socket that the parser has let go, and waits for its turn to be answered. */
function takeOver(socket: Socket, action: () => void): void {
  afterEarlierResponses(socket, () => {
    // The keep-alive timeout that an earlier response may have set is nobody's to clear any more.
    socket.setTimeout(0);
    action();
  });
}

/** RFC 9112, section 3.2; `http.Server` looks at requests that stay HTTP, and for a missing one. */
function hasOneHost({ rawHeaders }: IncomingMessage): boolean {
  return rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length === 1;
}

/** A tunnel is nothing this server offers, whatever the target: hence the empty `Allow`. */
function refuseConnect(response: FinalResponse): void {
  response.setHeader('Allow', '');
  refuse(response, 405, 'CONNECT is not supported');
}

function refuse(response: FinalResponse, statusCode: number, message: string): void {
  response.writeHead(statusCode, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(errorBody(statusCode, message));
}
