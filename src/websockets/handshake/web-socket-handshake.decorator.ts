import { createParamDecorator, type ExecutionContext, UseInterceptors } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AcceptedActionInterceptor } from './accepted-action.interceptor.js';
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
  [interceptAction],
);

function interceptAction(target: object, action: string | symbol | undefined): void {
  if (action === undefined) return;
  const method = Object.getOwnPropertyDescriptor(target, action)!;
  UseInterceptors(AcceptedActionInterceptor)(target, action, method);
}
