import {
  All,
  type ArgumentsHost,
  type CallHandler,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  HttpException,
  Injectable,
  type MiddlewareConsumer,
  Module,
  type NestInterceptor,
  type NestMiddleware,
  Param,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { finalize, type Observable } from 'rxjs';
import {
  Handshake,
  type WebSocketConnection,
  WebSocketHandshake,
} from '../../src/websockets/index.js';
import { Inbox } from '../support/inbox.js';

/** What happened in the application, for the test to wait for. */
@Injectable()
export class Journal extends Inbox<string> {}

/** Where an action waits until the test lets it go on. */
@Injectable()
export class Door extends Inbox<'open'> {}

/** What middleware left on Node's own request. */
interface GreetedRequest {
  greeting?: string;
}

@Injectable()
class GreetingMiddleware implements NestMiddleware {
  use(request: GreetedRequest & Handshake['request']['raw'], _reply: unknown, next: () => void) {
    request.greeting = `Hello, ${String(request.headers['x-name'])}`;
    next();
  }
}

@Injectable()
class JournalInterceptor implements NestInterceptor {
  constructor(private readonly journal: Journal) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    context.switchToHttp().getResponse<FastifyReply>().header('x-intercepted', 'yes');
    this.journal.put('the action begins');
    return next.handle().pipe(finalize(() => this.journal.put('the action has ended')));
  }
}

class OutOfTea extends Error {}

/** Answers as Nest documents for Fastify, whether or not there is still something to answer. */
@Catch(OutOfTea)
class TeapotFilter implements ExceptionFilter {
  catch(error: OutOfTea, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void reply.status(418).send({ teapot: error.message });
  }
}

class Ignored extends Error {}

/** Answers nothing at all. */
@Catch(Ignored)
class SilentFilter implements ExceptionFilter {
  catch(): void {}
}

/** Keeps connections that a controller accepted. */
@Injectable()
export class Lounge {
  readonly guests: WebSocketConnection[] = [];

  welcome(socket: WebSocketConnection): void {
    this.guests.push(socket);
    socket.onMessage((_socket, data, isBinary) => socket.send(data, isBinary));
  }
}

@Controller('actions')
@UseInterceptors(JournalInterceptor)
@UseFilters(TeapotFilter, SilentFilter)
class ActionsController {
  constructor(
    private readonly lounge: Lounge,
    private readonly door: Door,
  ) {}

  @All('rooms/:room/seats/:seat')
  async parameters(
    @WebSocketHandshake() handshake: Handshake,
    @Param('room') room: string,
  ): Promise<void> {
    const socket = await handshake.accept();
    socket.send(JSON.stringify({ room, ...handshake.params }));
    await socket.closed;
  }

  @All('greeting')
  async greeting(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    const { greeting } = handshake.request.raw as GreetedRequest;
    const socket = await handshake.accept();
    socket.send(String(greeting));
  }

  @All('refuse/:status')
  refuse(@Param('status') status: string): void {
    throw new HttpException({ refused: true }, Number(status));
  }

  @All('out-of-tea')
  outOfTea(): void {
    throw new OutOfTea('no tea');
  }

  @All('subprotocols')
  async subprotocols(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    const socket = await handshake.accept({ subprotocols: ['chat.v2', 'chat.v1'] });
    socket.send(JSON.stringify({ offered: handshake.subprotocols, chosen: socket.subprotocol }));
  }

  @All('headers')
  async headers(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    await handshake.accept({ headers: { 'x-room': 'blue', 'set-cookie': ['a=1', 'b=2'] } });
  }

  @All('lounge')
  async background(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    this.lounge.welcome(await handshake.accept());
  }

  @All('return')
  async value(@WebSocketHandshake() handshake: Handshake): Promise<unknown> {
    const socket = await handshake.accept();
    socket.onMessage((_socket, data) => socket.send(data));
    return { not: 'sent' };
  }

  @All('accept-twice')
  async twice(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    const socket = await handshake.accept();
    const second = await handshake.accept().catch((error: Error) => error.message);
    socket.send(`the second: ${String(second)}`);
  }

  @All('fail/:how')
  async fail(@WebSocketHandshake() handshake: Handshake, @Param('how') how: string): Promise<void> {
    await handshake.accept();
    if (how === 'http-exception') throw new HttpException('too late to refuse', 403);
    if (how === 'filtered') throw new OutOfTea('too late to filter');
    if (how === 'ignored') throw new Ignored('too late to ignore');
    throw new Error('failed after accept');
  }

  @All('wait')
  async wait(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    await this.door.next('the test');
    const socket = await handshake.accept();
    socket.send('accepted');
  }

  @All('never-accept')
  neverAccept(): unknown {
    return { accepted: false };
  }
}

/** Actions that do with a handshake what an application can do with it. */
@Module({
  controllers: [ActionsController],
  providers: [Journal, Lounge, Door],
})
export class ActionsApp {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(GreetingMiddleware).forRoutes(ActionsController);
  }
}
