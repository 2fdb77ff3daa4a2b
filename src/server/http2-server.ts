import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerOptions,
} from 'node:http2';
import type { Socket } from 'node:net';
import { errorBody } from './error-response.js';
import { Http2Sessions, type SessionTimeouts } from './http2-sessions.js';
import { Http2Upgrade } from './http2-upgrade.js';
import type { RequestHandler } from './one-port-server-options.js';
import { attachUpgrade } from './upgrade-request.js';

/**
 * Bytes that a client may send ahead on one stream. With the protocol's 64 KiB an upload gets no
 * further than 3 MB/s at 20 ms. It bounds what a stream that nobody reads can hold in memory.
 */
const STREAM_WINDOW = 1024 * 1024;

/** Bytes that a client may send ahead on one connection, over all its streams. */
const CONNECTION_WINDOW = 16 * 1024 * 1024;

/**
 * Streams that a client may have open on one connection. A WebSocket holds its stream as long as it
 * lives, and shares them with ordinary requests; one too many waits in the client without a word.
 */
const MAX_CONCURRENT_STREAMS = 1_000;

/**
 * Megabytes of frames, heads and unsent data on one connection, above which new streams are refused
 * with ENHANCE_YOUR_CALM. Node's 10 are used up by ten slow readers.
 */
const MAX_SESSION_MEMORY = 64;

/** Frames that break the protocol before the connection is closed. */
const MAX_INVALID_FRAMES = 100;

/**
 * RST_STREAM frames that a client may send at once, and per second from then on, before the
 * connection is closed (rapid reset, CVE-2023-44487). A browser resets the sockets of a page that
 * is left, so a connection full of sockets, and the next one, have to fit. Node 20 ignores both
 * and has 1,000 and 33.
 */
const STREAM_RESETS = { streamResetBurst: 4 * MAX_CONCURRENT_STREAMS, streamResetRate: 400 };

/** The inner server, which listens on nothing: it gets connections that are known to be HTTP/2. */
export interface Http2ConnectionServer {
  /** Serves HTTP/2 on a socket of which not a byte is missing. */
  readonly serve: (socket: Socket) => void;

  /** Sends GOAWAY on every connection, now and to come. */
  readonly close: () => void;
}

/** @param maxHeaderSize bytes of a request's head, as RFC 9113, section 6.5.2, counts them. */
export function createHttp2ConnectionServer(
  handler: RequestHandler,
  maxHeaderSize: number,
  timeouts: SessionTimeouts,
): Http2ConnectionServer {
  const options: ServerOptions & typeof STREAM_RESETS = {
    maxSessionMemory: MAX_SESSION_MEMORY,
    maxSessionInvalidFrames: MAX_INVALID_FRAMES,
    ...STREAM_RESETS,
    settings: {
      enableConnectProtocol: true,
      initialWindowSize: STREAM_WINDOW,
      maxConcurrentStreams: MAX_CONCURRENT_STREAMS,
      maxHeaderListSize: maxHeaderSize,
    },
  };
  const server = createServer(options);
  const sessions = new Http2Sessions(timeouts);
  server.on('session', (session) => {
    session.setLocalWindowSize(CONNECTION_WINDOW);
    sessions.add(session);
  });
  server.on('request', handler);
  server.on('connect', (request: CompatRequest, response: CompatResponse) => {
    dispatchConnect(request, response, handler);
  });
  return {
    serve: (socket) => {
      // `http.Server` asks for half-open sockets. HTTP/2 has no use for the other half.
      socket.allowHalfOpen = false;
      server.emit('connection', socket);
    },
    close: () => sessions.close(),
  };
}

/** The compatibility classes are made to stand in for those of HTTP/1.1. */
type CompatRequest = Http2ServerRequest & IncomingMessage;
type CompatResponse = Http2ServerResponse & ServerResponse;

function dispatchConnect(
  request: CompatRequest,
  response: CompatResponse,
  handler: RequestHandler,
): void {
  const protocol = request.headers[':protocol']?.toString().toLowerCase();
  if (protocol === undefined) {
    // A tunnel is nothing this server offers, whatever the target: hence the empty `Allow`.
    response.setHeader('allow', '');
    refuse(response, 405, 'CONNECT without :protocol is not supported');
  } else if (protocol === 'websocket') {
    attachUpgrade(request, new Http2Upgrade(protocol, response));
    handler(request, response);
  } else {
    // RFC 9220, section 3, names this status for a :protocol that the server does not know.
    refuse(response, 501, 'The only :protocol supported is websocket');
  }
}

function refuse(response: Http2ServerResponse, statusCode: number, message: string): void {
  response.writeHead(statusCode, { 'content-type': 'application/json; charset=utf-8' });
  response.end(errorBody(statusCode, message));
}
