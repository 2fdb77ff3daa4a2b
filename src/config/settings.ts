import type { TlsFiles } from './tls-files.js';
import type { TrustProxy } from './trust-proxy.js';

/** Least severe level that is still written; each includes the ones before it. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'verbose';

/** One JSON object per line for collectors, or lines for people. */
export type LogFormat = 'json' | 'pretty';

export interface LogSettings {
  /** `LOG_LEVEL`, default `info`. */
  readonly level: LogLevel;
  /** `LOG_FORMAT`, default `pretty` when standard output is a terminal, else `json`. */
  readonly format: LogFormat;
}

/** permessage-deflate (RFC 7692). */
export interface CompressionSettings {
  /** `WS_COMPRESSION_THRESHOLD`, bytes, default 1024: smaller messages go uncompressed; 0 = none. */
  readonly threshold: number;
  /** `WS_COMPRESSION_SERVER_MAX_WINDOW_BITS`, 9 to 15, default 15. */
  readonly serverMaxWindowBits: number;
  /** `WS_COMPRESSION_SERVER_NO_CONTEXT_TAKEOVER`, default false. */
  readonly serverNoContextTakeover: boolean;
}

/** What every WebSocket starts from; a gateway or `accept()` can override it in code. */
export interface WebSocketSettings {
  /**
   * `WS_ALLOWED_ORIGINS`, default `['self']`. Entries are `self`, `*`, an origin, or an origin whose
   * host starts with `*.`; all in lower case and without a default port, as browsers send them.
   */
  readonly allowedOrigins: readonly string[];
  /** `WS_KEEP_ALIVE_INTERVAL`, ms, default 30 000: silence before a Ping; 0 = off. */
  readonly keepAliveInterval: number;
  /** `WS_KEEP_ALIVE_TIMEOUT`, ms, default 30 000: silence after that Ping; 0 = never terminate. */
  readonly keepAliveTimeout: number;
  /** `WS_IDLE_TIMEOUT`, ms, default 0 = off: time without a message before close 1001. */
  readonly idleTimeout: number;
  /** `WS_MAX_MESSAGE_SIZE`, bytes after inflating, default 1 MiB, at least 1: it cannot be off. */
  readonly maxMessageSize: number;
  /** `WS_MAX_BUFFERED`, bytes waiting on one socket, default 1 MiB, at least 1: it cannot be off. */
  readonly maxBuffered: number;
  /** `WS_SLOW_CONSUMER`, default `close`: what a broadcast does to a socket above `maxBuffered`. */
  readonly slowConsumer: 'close' | 'drop';
  /** `WS_MAX_CONNECTIONS`, sockets on all gateways together, default 0 = no cap. */
  readonly maxConnections: number;
  /** `WS_HANDSHAKE_TIMEOUT`, ms for head and guards, default 10 000, at least 1: it cannot be off. */
  readonly handshakeTimeout: number;
  /** `WS_COMPRESSION`, default `off`, which is `false` here. */
  readonly compression: CompressionSettings | false;
}

export interface PingPongSettings {
  /** `PING_PONG_ROUNDS`, default 10, at least 1. */
  readonly rounds: number;
  /** `PING_PONG_INTERVAL`, ms from a pong to the next ping, default 1000; 0 = at once. */
  readonly interval: number;
  /** `PING_PONG_TIMEOUT`, ms, default 5000, at least 1: it cannot be off. */
  readonly timeout: number;
}

/**
 * The service's settings: validated, in milliseconds and bytes, read-only.
 *
 * An abstract class so that it is type and injection token in one; a plain object satisfies it:
 *
 * ```ts
 * constructor(private readonly settings: Settings) {}
 * ```
 */
export abstract class Settings {
  /** `HOST`, default `127.0.0.1`: address to listen on. */
  abstract readonly host: string;
  /** `PORT`, default 3000; 0 = any free port. */
  abstract readonly port: number;
  /** Contents of `TLS_CERT_FILE` and `TLS_KEY_FILE`; absent = plain text. */
  abstract readonly tls?: TlsFiles;
  /** `HTTP2`, default true. */
  abstract readonly http2: boolean;
  /** `TRUST_PROXY`, default false, in the form that Fastify's `trustProxy` takes. */
  abstract readonly trustProxy: TrustProxy;
  abstract readonly log: LogSettings;
  /** `SHUTDOWN_TIMEOUT`, ms from SIGTERM to the end, default 10 000, at least 1. */
  abstract readonly shutdownTimeout: number;
  abstract readonly webSocket: WebSocketSettings;
  abstract readonly pingPong: PingPongSettings;
}

/** The same as a plain object: can be spread, to change a few for a test. */
export type PlainSettings = Pick<Settings, keyof Settings>;
