import type { Duplex } from 'node:stream';
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
import type { FastifyReply, FastifyRequest } from 'fastify';
import { finalize, type Observable } from 'rxjs';
import {
  Handshake,
  type WebSocketConnection,
  WebSocketHandshake,
} from '../../src/websockets/index.js';
import { Inbox } from '../support/inbox.js';

/** What happens to each request, by its `x-visit` header, for the test to wait for. */
@Injectable()
export class Journals {
  private readonly journals = new Map<unknown, Inbox<string>>();

  of(visit: unknown): Inbox<string> {
    const journal = this.journals.get(visit) ?? new Inbox();
    this.journals.set(visit, journal);
    return journal;
  }
}

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
  constructor(private readonly journals: Journals) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const journal = this.journals.of(http.getRequest<FastifyRequest>().headers['x-visit']);
    http.getResponse<FastifyReply>().header('x-intercepted', 'yes');
    journal.put('the action begins');
    return next.handle().pipe(finalize(() => journal.put('the action has ended')));
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
    private readonly journals: Journals,
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
    await handshake.accept().catch((error: Error) => socket.send(error.message));
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
    const { raw, headers } = handshake.request;
    const wire = 'stream' in raw ? (raw.stream as Duplex) : raw.socket;
    const journal = this.journals.of(headers['x-visit']);
    wire.once('close', () => journal.put('the client has gone'));
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
  providers: [Journals, Lounge, Door],
})
export class ActionsApp {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(GreetingMiddleware).forRoutes(ActionsController);
  }
}
