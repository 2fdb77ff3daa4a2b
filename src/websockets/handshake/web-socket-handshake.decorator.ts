import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Handshake } from './handshake.js';
import { handshakeOf } from './register-handshakes.js';

/**
 * Gives a controller action the request as a `Handshake`:
 *
 * ```ts
 * @All('chat/:room')
 * async chat(@WebSocketHandshake() handshake: Handshake) {
 *   const socket = await handshake.accept();
 *   for await (const message of socket) socket.send(message.data, message.isBinary);
 * }
 * ```
 */
export const WebSocketHandshake = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Handshake => {
    const http = context.switchToHttp();
    return handshakeOf(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  },
);
