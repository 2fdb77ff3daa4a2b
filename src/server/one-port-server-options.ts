import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';

/** What listens: Node's own server for HTTP/1.1. An `https.Server` if and only if TLS is on. */
export type OnePortServer = HttpServer | HttpsServer;

/** Gets every request, of either version; those of HTTP/2 as Node's compatibility objects. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Private key and certificate chain, in PEM. */
export interface TlsCredentials {
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
}

/** All times are in milliseconds. */
export interface OnePortServerOptions {
  /** TLS, with ALPN choosing the HTTP version. Without it, the connection preface does. */
  readonly tls?: TlsCredentials | undefined;

  /** Whether HTTP/2 is served, with extended CONNECT (RFC 8441). Default: true. */
  readonly http2?: boolean | undefined;

  /**
   * Time for the TLS handshake, for the head of an HTTP/1.1 request, and for the SETTINGS frame of
   * an HTTP/2 client; each on its own. Default: 10,000; 0 = no limit (Node's 120,000 for the TLS
   * handshake, 300,000 for a whole HTTP/1.1 request).
   */
  readonly handshakeTimeout?: number | undefined;

  /** Largest head of a request, in bytes. Default: 16 KiB. */
  readonly maxHeaderSize?: number | undefined;

  /**
   * Time after which an HTTP/2 connection without an open stream is closed, with GOAWAY.
   * Default: 120,000.
   */
  readonly http2IdleTimeout?: number | undefined;

  /**
   * Milliseconds after `close()` in which connections may come to their end, or what tells them when
   * it comes to that. Default: 10,000.
   */
  readonly closeTimeout?: number | (() => number) | undefined;
}
