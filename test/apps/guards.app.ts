import {
  All,
  type CanActivate,
  Controller,
  type ExecutionContext,
  ForbiddenException,
  Get,
  HttpException,
  Injectable,
  Module,
  NotFoundException,
  Req,
  SetMetadata,
  type Type,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { WebSocketGateway } from '@nestjs/websockets';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { delay, type Observable, of } from 'rxjs';
import {
  type GatewayOptions,
  Handshake,
  type HandshakeGuard,
  type OnGatewayConnection,
  UseHandshakeGuards,
  type WebSocketConnection,
  WebSocketHandshake,
} from '../../src/websockets/index.js';

/** A request on which guards leave who it is from, and their names. */
interface GuardedRequest extends FastifyRequest {
  user?: string;
  guards?: string[];
}

function pass(context: ExecutionContext, name: string): GuardedRequest {
  const request = context.switchToHttp().getRequest<GuardedRequest>();
  (request.guards ??= []).push(name);
  return request;
}

@Injectable()
class Tokens {
  userOf(token: string): string | undefined {
    return token === 'ada-token' ? 'Ada' : undefined;
  }
}

/** Written for controllers: nothing in it knows of WebSockets. */
@Injectable()
class TokenGuard implements CanActivate {
  constructor(private readonly tokens: Tokens) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    request.user = this.tokens.userOf(token);
    if (request.user === undefined) throw new UnauthorizedException('A token, please');
    return true;
  }
}

/** Runs before every guard of the application. */
class BanGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = pass(context, 'global');
    if (request.headers['x-banned'] !== undefined) throw new ForbiddenException('Banned');
    return true;
  }
}

/** A guard that answers what it is told to. */
const answering = (answer: () => ReturnType<CanActivate['canActivate']>): CanActivate => ({
  canActivate: answer,
});

const named = (name: string): Type<CanActivate> =>
  class implements CanActivate {
    canActivate(context: ExecutionContext): boolean {
      pass(context, name);
      return true;
    }
  };

const Roles = (...roles: string[]) => SetMetadata('roles', roles);

@Injectable()
class RolesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    const roles = this.reflector.getAllAndMerge<string[]>('roles', targets);
    const { headers } = context.switchToHttp().getRequest<GuardedRequest>();
    return roles.every((role) => headers['x-roles']?.includes(role));
  }
}

class RoomGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { id } = context
      .switchToHttp()
      .getRequest<FastifyRequest<{ Params: { id: string } }>>().params;
    if (id === 'secret') throw new NotFoundException(`No room ${id}`);
    return true;
  }
}

class HeaderGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    context.switchToHttp().getResponse<FastifyReply>().header('x-context', context.getType());
    return true;
  }
}

/** Says what its guards left on the request. */
class GuardedGateway implements OnGatewayConnection {
  handleConnection(socket: WebSocketConnection, request: GuardedRequest): void {
    const { user, guards, params } = request;
    socket.send(JSON.stringify({ user, guards, params }));
  }
}

function guarded(path: string, ...guards: HandshakeGuard[]): Type {
  @UseHandshakeGuards(...guards)
  @WebSocketGateway<GatewayOptions>({ path })
  class Gateway extends GuardedGateway {}
  return Gateway;
}

@Roles('member')
@UseHandshakeGuards(RolesGuard)
@WebSocketGateway<GatewayOptions>({ path: '/members' })
class MembersGateway extends GuardedGateway {
  @Roles('speaker')
  override handleConnection(socket: WebSocketConnection, request: GuardedRequest): void {
    super.handleConnection(socket, request);
  }
}

@UseHandshakeGuards(named('second'))
@UseHandshakeGuards(named('first'))
@WebSocketGateway<GatewayOptions>({ path: '/stacked' })
class StackedGateway extends GuardedGateway {}

@Controller('account')
@UseGuards(TokenGuard)
class AccountController {
  @Get()
  show(@Req() { user }: GuardedRequest): { user?: string } {
    return { user };
  }

  @All('socket')
  async socket(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    const { user, guards, params } = handshake.request as GuardedRequest;
    const socket = await handshake.accept();
    socket.send(JSON.stringify({ user, guards, params }));
  }
}

const later = (isAllowed: boolean): Observable<boolean> => of(!isAllowed, isAllowed).pipe(delay(1));

/** Gateways behind guards of every kind. */
@Module({
  controllers: [AccountController],
  providers: [
    Tokens,
    { provide: APP_GUARD, useClass: BanGuard },
    MembersGateway,
    StackedGateway,
    guarded('/token', TokenGuard),
    guarded('/rooms/:id', RoomGuard),
    guarded('/order', named('first'), named('second'), named('third')),
    guarded('/headers', HeaderGuard),
    guarded('/open'),
    guarded(
      '/true',
      answering(() => true),
    ),
    guarded(
      '/promise-of-true',
      answering(async () => true),
    ),
    guarded(
      '/observable-of-true',
      answering(() => later(true)),
    ),
    guarded(
      '/false',
      answering(() => false),
    ),
    guarded(
      '/promise-of-false',
      answering(async () => false),
    ),
    guarded(
      '/observable-of-false',
      answering(() => later(false)),
    ),
    guarded(
      '/teapot',
      answering(() => {
        throw new HttpException({ teapot: true }, 418);
      }),
    ),
    guarded(
      '/error',
      answering(() => {
        throw new Error('The guard is broken');
      }),
    ),
    guarded(
      '/refused-twice',
      answering(() => false),
      answering(() => {
        throw new Error('Nobody asks the second guard');
      }),
    ),
  ],
})
export class GuardsApp {}
