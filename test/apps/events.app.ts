import {
  type ArgumentsHost,
  BadRequestException,
  type CallHandler,
  type CanActivate,
  Catch,
  type ExceptionFilter,
  type ExecutionContext,
  Module,
  type NestInterceptor,
  type PipeTransform,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WsException,
  type WsResponse,
} from '@nestjs/websockets';
import {
  concat,
  EMPTY,
  map,
  type Observable,
  of,
  scheduled,
  asapScheduler,
  throwError,
} from 'rxjs';

/** What the sockets of both adapters have. */
interface AnySocket {
  send(text: string): unknown;
}

const answered = (data: unknown): WsResponse => ({ event: 'answered', data });

/** As a validation pipe: refuses what is no number, or not positive. */
class PositivePipe implements PipeTransform {
  transform(value: unknown): number {
    if (typeof value !== 'number') throw new WsException('A number, please');
    if (value < 0) throw new WsException({ problem: 'negative', value });
    if (value === 0) throw new BadRequestException('Zero');
    return value;
  }
}

class AdminGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToWs().getData<{ admin?: boolean }>()?.admin === true;
  }
}

class AsyncGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.switchToWs().getData() === 'throw') throw new WsException('Not you');
    return true;
  }
}

class WrapInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data) => answered({ wrapped: data })));
  }
}

class ContextInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext): Observable<unknown> {
    const ws = context.switchToWs();
    return of({
      type: context.getType(),
      class: context.getClass().name,
      handler: context.getHandler().name,
      pattern: ws.getPattern(),
      data: ws.getData<unknown>(),
    });
  }
}

class Oops extends Error {}

@Catch(Oops)
class OopsFilter implements ExceptionFilter {
  catch(error: Oops, host: ArgumentsHost): void {
    const socket = host.switchToWs().getClient<AnySocket>();
    socket.send(JSON.stringify({ event: 'oops', data: error.message }));
  }
}

class FailingFilter implements ExceptionFilter {
  catch(): void {
    throw new Error('The filter is broken');
  }
}

/** Runs unchanged under Nest's `WsAdapter` and under Wren's adapter. */
@WebSocketGateway({ path: '/events' })
export class EventsGateway {
  private readonly waiting: (() => void)[] = [];

  @SubscribeMessage('value')
  value(@MessageBody() data: unknown): unknown {
    return data;
  }

  @SubscribeMessage('response')
  response(@MessageBody() data: unknown): WsResponse {
    return answered(data);
  }

  @SubscribeMessage('promise')
  async promise(@MessageBody() data: unknown): Promise<WsResponse> {
    await new Promise(setImmediate);
    return answered(data);
  }

  @SubscribeMessage('observable')
  observable(@MessageBody() data: unknown[]): Observable<WsResponse> {
    return scheduled(data, asapScheduler).pipe(map(answered));
  }

  @SubscribeMessage('promise of observable')
  async promiseOfObservable(@MessageBody() data: unknown[]): Promise<Observable<unknown>> {
    return of(...data);
  }

  @SubscribeMessage('empty')
  empty(): Observable<never> {
    return EMPTY;
  }

  @SubscribeMessage('nothing')
  nothing(): void {}

  @SubscribeMessage('arguments')
  arguments(socket: AnySocket, data: unknown): WsResponse {
    return answered({ data, canSend: typeof socket.send });
  }

  @SubscribeMessage('parts')
  parts(@MessageBody('name') name: unknown, @ConnectedSocket() socket: AnySocket): void {
    socket.send(JSON.stringify(answered({ name })));
  }

  @SubscribeMessage('parameter pipe')
  parameterPipe(@MessageBody(PositivePipe) data: number): number {
    return data;
  }

  @UsePipes(PositivePipe)
  @SubscribeMessage('pipe')
  pipe(@MessageBody() data: number): number {
    return data;
  }

  @UseGuards(AdminGuard)
  @SubscribeMessage('guard')
  guard(): string {
    return 'you may';
  }

  @UseGuards(AsyncGuard)
  @SubscribeMessage('async guard')
  asyncGuard(): string {
    return 'you may';
  }

  @UseInterceptors(WrapInterceptor)
  @SubscribeMessage('interceptor')
  interceptor(@MessageBody() data: unknown): unknown {
    return data;
  }

  @UseInterceptors(ContextInterceptor)
  @SubscribeMessage('context')
  context(): void {}

  @UseFilters(OopsFilter)
  @SubscribeMessage('filter')
  filter(@MessageBody() data: string): never {
    throw data === 'other' ? new Error('Not for the filter') : new Oops(data);
  }

  @UseFilters(FailingFilter)
  @SubscribeMessage('failing filter')
  failingFilter(): never {
    throw new Oops('for the broken filter');
  }

  @SubscribeMessage('exception')
  exception(@MessageBody() data: string | object): never {
    throw new WsException(data);
  }

  @SubscribeMessage('rejected exception')
  async rejectedException(@MessageBody() data: string | object): Promise<never> {
    await new Promise(setImmediate);
    throw new WsException(data);
  }

  @SubscribeMessage('error')
  error(): never {
    throw new Error('Something broke');
  }

  @SubscribeMessage('rejected error')
  async rejectedError(): Promise<never> {
    await new Promise(setImmediate);
    throw new Error('Something broke');
  }

  @SubscribeMessage('observable that fails')
  failingObservable(@MessageBody() data: string): Observable<unknown> {
    const error = data === 'exception' ? new WsException(data) : new Error('Something broke');
    return concat(
      of('first'),
      throwError(() => error),
    );
  }

  @SubscribeMessage('wait')
  async wait(@MessageBody() data: unknown): Promise<unknown> {
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    return data;
  }

  /** Lets those go on who wait, the last one first. */
  @SubscribeMessage('go on')
  goOn(): void {
    for (const resolve of this.waiting.splice(0).toReversed()) resolve();
  }
}

@Module({ providers: [EventsGateway] })
export class EventsApp {}
