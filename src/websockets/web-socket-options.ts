import {
  type ConnectionOptions,
  defaultConnectionOptions,
} from './connection/connection-options.js';

/** Options of the library; those of a connection can be overridden per gateway and per accept. */
export interface WebSocketOptions extends ConnectionOptions {
  /**
   * Origins that `OriginGuard` lets pass: `self` (the request's own host), `*` (any), an origin
   * such as `https://app.example.com`, or any host below one: `https://*.example.com`. Default
   * `['self']`.
   */
  readonly allowedOrigins: readonly string[];
  /** Open sockets at most, those on HTTP/2 streams included; 0 = no cap. Default 0. */
  readonly maxConnections: number;
  /** Milliseconds until a handshake must be answered, its guards included. Default 10,000. */
  readonly handshakeTimeout: number;
  /** Milliseconds for closing all connections when the application stops. Default 10,000. */
  readonly shutdownTimeout: number;
}

export const defaultWebSocketOptions: WebSocketOptions = {
  ...defaultConnectionOptions,
  allowedOrigins: ['self'],
  maxConnections: 0,
  handshakeTimeout: 10_000,
  shutdownTimeout: 10_000,
};

/** Injection token of the complete `WebSocketOptions`. */
export const WEB_SOCKET_OPTIONS = Symbol('WebSocketOptions');
