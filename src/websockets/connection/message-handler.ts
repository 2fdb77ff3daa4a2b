import type { WebSocketConnection } from './web-socket-connection.js';

/** Takes the messages of a connection, one by one, in order; a throw or rejection closes 1011. */
export type MessageHandler = (
  connection: WebSocketConnection,
  data: Buffer,
  isBinary: boolean,
) => unknown;
