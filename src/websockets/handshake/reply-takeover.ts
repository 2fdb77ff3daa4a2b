import type { FastifyReply } from 'fastify';
import { CloseCode } from '../protocol/close-code.js';
import type { WebSocketConnection } from '../connection/web-socket-connection.js';

/**
 * After the handshake was accepted there is no HTTP answer to give any more. Nest tries all the
 * same when the controller action ends, in order or by an exception; an exception closes the
 * connection with 1011, whichever exception filter answered it.
 */
export function takeOverReply(reply: FastifyReply, connection: WebSocketConnection): void {
  reply.hijack();
  const fail = () => connection.close(CloseCode.InternalError, 'Internal error');
  reply.send = () => {
    if (reply.statusCode >= 400) fail();
    return reply;
  };
  // Nest's own exception filter ends the raw response of a request that was answered already.
  reply.raw.end = () => {
    fail();
    return reply.raw;
  };
}
