import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, type Observable, of } from 'rxjs';
import { handshakeOf } from './register-handshakes.js';

/**
 * What a controller action throws after it has accepted the handshake closes the connection with
 * 1011. It goes no further, for there is no answer left that an exception filter could give.
 */
@Injectable()
export class AcceptedActionInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const handshake = handshakeOf(
      http.getRequest<FastifyRequest>(),
      http.getResponse<FastifyReply>(),
    );
    return next.handle().pipe(
      catchError((error: unknown) => {
        if (handshake.connection === undefined) throw error;
        handshake.connection.fail(error);
        return of(undefined);
      }),
    );
  }
}
