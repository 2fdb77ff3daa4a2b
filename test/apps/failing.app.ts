import {
  All,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Module,
  UseGuards,
} from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';
import type { FastifyRequest } from 'fastify';
import {
  type GatewayOptions,
  Handshake,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayMessage,
  UseHandshakeGuards,
  type WebSocketConnection,
  WebSocketHandshake,
} from '../../src/websockets/index.js';

export const failures = [
  'throws',
  'throws a string',
  'throws a bare object',
  'rejects',
  'rejects later',
  'rejects with a bare object',
  'rejects as a thenable',
] as const;
export type Failure = (typeof failures)[number] | 'closes first';

/** Where in the user's code it fails; what else there is echoes. */
export type Place =
  | 'guard'
  | 'handleConnection'
  | 'handleMessage'
  | 'handleDisconnect'
  | 'before accept'
  | 'after accept'
  | 'onMessage';

/** What a client wants to fail, and how, written as the query of its URL. */
export const failing = (path: string, place: Place, failure: Failure): string =>
  `${path}?${new URLSearchParams({ place, failure }).toString()}`;

const wantedBy = ({ query }: FastifyRequest) => query as { place?: Place; failure?: Failure };

/** Fails if the client wants it to at this place. */
function failAt(place: Place, request: FastifyRequest): void | Promise<void> {
  const wanted = wantedBy(request);
  if (wanted.place !== place) return undefined;
  const error = new Error(`Failed in ${place}`);
  switch (wanted.failure) {
    case 'throws':
    case 'closes first':
      throw error;
    case 'throws a string':
      // oxlint-disable-next-line typescript/only-throw-error -- what careless code does
      throw error.message;
    case 'throws a bare object':
      // oxlint-disable-next-line typescript/only-throw-error -- what no template literal can print
      throw bareObject(error);
    case 'rejects with a bare object':
      return Promise.reject(bareObject(error));
    case 'rejects':
      return Promise.reject(error);
    case 'rejects as a thenable':
      return thenable(Promise.reject(error));
    default:
      return new Promise((_resolve, reject) => setImmediate(reject, error));
  }
}

const bareObject = (error: Error): unknown => Object.assign(Object.create(null), { error });

/** As query builders return: no `Promise`, but to be awaited like one. */
function thenable(promise: Promise<void>): Promise<void> {
  // oxlint-disable-next-line unicorn/no-thenable -- that is the point
  return { then: promise.then.bind(promise) } as Promise<void>;
}

class FailingGuard implements CanActivate {
  canActivate(context: ExecutionContext): true | Promise<true> {
    return failAt('guard', context.switchToHttp().getRequest())?.then(() => true as const) ?? true;
  }
}

@UseHandshakeGuards(FailingGuard)
@WebSocketGateway<GatewayOptions>({ path: '/gateway' })
class FailingGateway implements OnGatewayConnection, OnGatewayMessage, OnGatewayDisconnect {
  handleConnection(socket: WebSocketConnection, request: FastifyRequest): unknown {
    socket.data = request;
    return failAt('handleConnection', request);
  }

  handleMessage(socket: WebSocketConnection, data: Buffer, isBinary: boolean): unknown {
    const request = socket.data as FastifyRequest;
    if (wantedBy(request).failure === 'closes first') socket.close(4000, 'Had enough');
    const failed = failAt('handleMessage', request);
    if (!failed) socket.send(data, isBinary);
    return failed;
  }

  handleDisconnect(socket: WebSocketConnection): unknown {
    return failAt('handleDisconnect', socket.data as FastifyRequest);
  }
}

@Controller()
@UseGuards(FailingGuard)
class FailingController {
  @All('action')
  async echo(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    await failAt('before accept', handshake.request);
    const socket = await handshake.accept();
    await failAt('after accept', handshake.request);
    for await (const { data, isBinary } of socket) socket.send(data, isBinary);
  }

  @All('handler')
  async handler(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    const socket = await handshake.accept();
    socket.onMessage(() => failAt('onMessage', handshake.request));
  }
}

@WebSocketGateway({ path: '/throws' })
class GatewayThatThrowsAtInit {
  afterInit(): void {
    throw new Error('Failed in afterInit');
  }
}

@WebSocketGateway({ path: '/rejects' })
class GatewayThatRejectsAtInit {
  async afterInit(): Promise<void> {
    await new Promise(setImmediate);
    throw new Error('Failed in afterInit');
  }
}

@Module({ providers: [GatewayThatThrowsAtInit] })
export class AppThatThrowsAtInit {}

@Module({ providers: [GatewayThatRejectsAtInit] })
export class AppThatRejectsAtInit {}

/** User code that fails where and how the client says. */
@Module({ providers: [FailingGateway], controllers: [FailingController] })
export class FailingApp {}
