import {
  ForbiddenException,
  Inject,
  Injectable,
  Logger,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { handshakeOf } from '../handshake/register-handshakes.js';
import { WEB_SOCKET_OPTIONS, type WebSocketOptions } from '../web-socket-options.js';
import { parseAllowedOrigins } from './allowed-origins.js';
import { OriginPolicy } from './origin-policy.js';

/** What a refused origin may take of a log line. */
const MAX_LOGGED_LENGTH = 200;

/**
 * Refuses WebSocket handshakes of foreign origins with 403, so that no other site can open a
 * socket with its visitor's cookies. Other requests pass, and so do clients that send no Origin:
 * they are no browsers. Without arguments it follows the option `allowedOrigins`.
 */
@Injectable()
export class OriginGuard implements CanActivate {
  private readonly logger = new Logger(OriginGuard.name);
  private readonly policy: OriginPolicy;

  constructor(
    @Inject(WEB_SOCKET_OPTIONS) { allowedOrigins }: Pick<WebSocketOptions, 'allowedOrigins'>,
  ) {
    const parsed = parseAllowedOrigins(allowedOrigins.join(','));
    if (parsed === undefined) {
      throw new TypeError(`Not a list of origins, "self" or "*": ${allowedOrigins.join(', ')}`);
    }
    this.policy = new OriginPolicy(parsed);
  }

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (!handshakeOf(request, http.getResponse<FastifyReply>()).isWebSocketRequest) return true;
    const origins = originHeaders(request);
    const { protocol, host } = request;
    if (this.policy.allows(origins, { protocol, host })) return true;
    this.logger.warn(`Refused origin ${printable(origins)} on ${request.routeOptions.url}`);
    throw new ForbiddenException('Origin not allowed');
  }
}

/** A guard like `OriginGuard` with a list of its own, for one gateway or action. */
export function allowOrigins(...allowedOrigins: string[]): CanActivate {
  return new OriginGuard({ allowedOrigins });
}

/** Quoted and cut, without a character that a terminal or a log viewer would obey. */
function printable(origins: readonly string[]): string {
  return JSON.stringify(origins.join(', ').slice(0, MAX_LOGGED_LENGTH)).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** From the raw headers, for Node may drop a second Origin from the parsed ones. */
function originHeaders({ raw }: FastifyRequest): string[] {
  const { rawHeaders } = raw;
  return rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1].toLowerCase() === 'origin',
  );
}
