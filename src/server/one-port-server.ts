import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { ConnectionPrefaceDetector } from './connection-preface.js';
import { answerClientError } from './http1-client-error.js';
import { dispatchUpgrades } from './http1-dispatch.js';
import { UnusedConnections } from './http1-unused-connections.js';
import { createHttp2ConnectionServer } from './http2-server.js';
import type {
  OnePortServer,
  OnePortServerOptions,
  RequestHandler,
} from './one-port-server-options.js';
import { boundClose } from './shutdown.js';

/** Milliseconds in which the whole of an HTTP/1.1 request has to arrive: Node's default. */
const REQUEST_TIMEOUT = 300_000;

/**
 * Milliseconds for which an idle HTTP/1.1 connection is kept: longer than load balancers keep
 * theirs (60 s as a rule), or they would send a request into a connection that is being closed.
 */
const KEEP_ALIVE_TIMEOUT = 72_000;

/**
 * Creates a server for HTTP/1.1 and HTTP/2 on one port, to be what Fastify's `serverFactory`
 * returns. `handler` is called with every request, also with one that asks for a WebSocket:
 * `upgradeOf(request)` tells, and accepts it; an ordinary response refuses it.
 *
 * A request that cannot be parsed is answered here. Another listener of 'clientError' (Fastify has
 * one, unless its `clientErrorHandler` does nothing) must not destroy the socket, or the client may
 * not get to read the answer.
 */
export function createOnePortServer(
  options: OnePortServerOptions,
  handler: RequestHandler,
): OnePortServer {
  const {
    tls,
    http2 = true,
    handshakeTimeout = 10_000,
    maxHeaderSize = 16 * 1024,
    http2IdleTimeout = 120_000,
    closeTimeout = 10_000,
  } = options;
  const serverOptions: http.ServerOptions = {
    maxHeaderSize,
    headersTimeout: handshakeTimeout,
    requestTimeout: Math.max(REQUEST_TIMEOUT, handshakeTimeout),
    connectionsCheckingInterval: checkingInterval(handshakeTimeout),
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
  };
  const server: OnePortServer = tls
    ? https.createServer(
        {
          ...serverOptions,
          key: tls.key,
          cert: tls.cert,
          handshakeTimeout,
          ALPNProtocols: http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
        },
        handler,
      )
    : http.createServer(serverOptions, handler);

  const connectionEvent = tls ? 'secureConnection' : 'connection';
  const parseHttp1 = takeListener(server, connectionEvent);
  const unusedConnections = new UnusedConnections(server);
  const serveHttp1 = (socket: Socket): void => {
    unusedConnections.add(socket);
    parseHttp1(socket);
  };
  const http2Server = createHttp2ConnectionServer(handler, maxHeaderSize, {
    handshake: handshakeTimeout,
    idle: http2IdleTimeout,
  });
  const detector = new ConnectionPrefaceDetector(handshakeTimeout, {
    http1: serveHttp1,
    http2: http2Server.serve,
  });

  server.on('connection', ignoreErrors);
  if (tls) server.on('secureConnection', ignoreErrors);
  boundClose(server, closeTimeout, () => {
    detector.destroyUndecided();
    unusedConnections.destroyAll();
    http2Server.close();
  });
  server.on(connectionEvent, (socket: Socket) => {
    if (!http2) serveHttp1(socket);
    else if (!(socket instanceof TLSSocket)) detector.detect(socket);
    else if (socket.alpnProtocol === 'h2') http2Server.serve(socket);
    else serveHttp1(socket);
  });
  server.on('clientError', answerClientError);
  dispatchUpgrades(server, handler, parseHttp1);
  return server;
}

/** How often `headersTimeout` is checked, in milliseconds: it is exceeded by a quarter at most. */
function checkingInterval(handshakeTimeout: number): number {
  const slowest = 30_000;
  return handshakeTimeout === 0 ? slowest : Math.min(slowest, Math.ceil(handshakeTimeout / 4));
}

/**
 * Takes the listener away with which Node's server starts to parse HTTP/1.1 on a new connection,
 * so that it can be called for some connections only, and again for one that it has let go.
 */
function takeListener(server: OnePortServer, event: string): (socket: Socket) => void {
  const listeners = server.listeners(event);
  server.removeAllListeners(event);
  return (socket) => {
    for (const listener of listeners) listener.call(server, socket);
  };
}

/** A connection can fail at any time, also while it is nobody's: that is no error of the process. */
function ignoreErrors(socket: Socket): void {
  socket.on('error', ignore);
}

function ignore(): void {}
