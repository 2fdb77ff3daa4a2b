import type { FastifyRequest } from 'fastify';
import type { CloseOutcome } from '../connection/close-outcome.js';
import type { ConnectionOptions } from '../connection/connection-options.js';
import type { GatewayServer } from './gateway-server.js';
import type { WebSocketConnection } from '../connection/web-socket-connection.js';

/**
 * The raw lane: a gateway that implements it gets every message as it came, by a direct call. It
 * may return a promise; a throw or rejection closes the connection with 1011.
 */
export interface OnGatewayMessage {
  /** @param data of text the UTF-8 bytes; yours to keep */
  handleMessage(socket: WebSocketConnection, data: Buffer, isBinary: boolean): unknown;
}

/**
 * Called when a handshake was accepted; no message is delivered until it has settled. A throw or
 * rejection closes the connection with 1011.
 */
export interface OnGatewayConnection {
  /** @param request the handshake, with what guards attached to it */
  handleConnection(socket: WebSocketConnection, request: FastifyRequest): unknown;
}

/** Called once for each connection that `handleConnection` was called for, after its end. */
export interface OnGatewayDisconnect {
  handleDisconnect(socket: WebSocketConnection, outcome: CloseOutcome): unknown;
}

/**
 * Options of `@WebSocketGateway<GatewayOptions>({ ... })`; what is left out is as in the
 * application's WebSocket options.
 */
export interface GatewayOptions extends Partial<ConnectionOptions> {
  /** Path of the gateway, with parameters as in a controller (`/rooms/:id`); default `/`. */
  readonly path?: string;
  /** What the gateway speaks, in order of preference; see `AcceptOptions`. */
  readonly subprotocols?: readonly string[];
}

/** Called once, before the application listens; a throw or rejection stops the start. */
export interface OnGatewayInit {
  afterInit(server: GatewayServer): unknown;
}

/** What the library looks for on a gateway. */
export type GatewayInstance = Partial<
  OnGatewayInit & OnGatewayMessage & OnGatewayConnection & OnGatewayDisconnect
>;
