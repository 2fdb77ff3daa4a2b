export type { CloseOutcome } from './connection/close-outcome.js';
export type { CompressionOptions, ConnectionOptions } from './connection/connection-options.js';
export { type ConnectionCount, ConnectionRegistry } from './connection/connection-registry.js';
export type { MessageHandler } from './connection/message-handler.js';
export type { SendOptions } from './connection/send-options.js';
export { WebSocketConnection } from './connection/web-socket-connection.js';
export { WebSocketMessage } from './connection/web-socket-message.js';
export type {
  GatewayOptions,
  OnGatewayConnection,
  OnGatewayDisconnect,
  OnGatewayInit,
  OnGatewayMessage,
} from './gateway/gateway.interfaces.js';
export { GatewayServer } from './gateway/gateway-server.js';
export { WebSocketAdapter } from './gateway/web-socket.adapter.js';
export { parseAllowedOrigins } from './guards/allowed-origins.js';
export { allowOrigins, OriginGuard } from './guards/origin.guard.js';
export {
  type HandshakeGuard,
  UseHandshakeGuards,
} from './guards/use-handshake-guards.decorator.js';
export { type AcceptOptions, Handshake } from './handshake/handshake.js';
export { WebSocketHandshake } from './handshake/web-socket-handshake.decorator.js';
export { CloseCode } from './protocol/close-code.js';
export { defaultWebSocketOptions, type WebSocketOptions } from './web-socket-options.js';
export { WebSocketsModule } from './web-sockets.module.js';
