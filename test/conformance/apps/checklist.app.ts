import {
  All,
  Controller,
  Get,
  HttpException,
  Injectable,
  Module,
  Post,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  allowOrigins,
  Handshake,
  OriginGuard,
  type WebSocketConnection,
  WebSocketHandshake,
} from '../../../src/websockets/index.js';
import { Inbox } from '../../support/inbox.js';

/** The server's side of every WebSocket, for the test to act on. */
@Injectable()
export class Accepted {
  private sockets = new Inbox<WebSocketConnection>();

  put(socket: WebSocketConnection): void {
    this.sockets.put(socket);
  }

  next(): Promise<WebSocketConnection> {
    return this.sockets.next('the server to accept a socket');
  }

  /** Forgets the sockets that an earlier test did not ask for. */
  forget(): void {
    this.sockets = new Inbox();
  }
}

/** What the server took a request for that it did not accept. */
export interface Seen {
  readonly isWebSocketRequest: boolean;
  readonly httpVersion: string;
  readonly method: string;
  readonly path: string;
  readonly origin?: string;
  readonly subprotocols: readonly string[];
  readonly version?: string;
  readonly body?: unknown;
}

/** The headers of every request that `seen` was asked for. */
@Injectable()
export class SeenHeaders extends Inbox<FastifyRequest['headers']> {}

@Controller()
class ChecklistController {
  constructor(
    private readonly accepted: Accepted,
    private readonly seenHeaders: SeenHeaders,
  ) {}

  /** Leaves the socket to the test. */
  @All('accept')
  async accept(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    this.accepted.put(await handshake.accept({ subprotocols: ['p2', 'p3', 'Bravo'] }));
  }

  /** Answers a handshake as it would any other request. */
  @All('seen')
  seen(@WebSocketHandshake() handshake: Handshake): Seen {
    const { request } = handshake;
    this.seenHeaders.put(request.headers);
    return {
      isWebSocketRequest: handshake.isWebSocketRequest,
      httpVersion: handshake.httpVersion,
      method: request.method,
      path: request.url,
      origin: handshake.origin,
      subprotocols: handshake.subprotocols,
      version: request.headers['sec-websocket-version'],
      body: request.body,
    };
  }

  @All('teapot')
  teapot(): never {
    throw new HttpException('I am a teapot', 418);
  }

  @All('accept-and-answer')
  async acceptAndAnswer(
    @WebSocketHandshake() handshake: Handshake,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const socket = await handshake.accept();
    await reply.send('too late to answer');
    socket.onMessage((_socket, data, isBinary) => socket.send(data, isBinary));
  }

  @All('accept-with-headers')
  async acceptWithHeaders(
    @WebSocketHandshake() handshake: Handshake,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    reply.header('x-set-before', 'kept');
    this.accepted.put(await handshake.accept({ headers: { 'x-set-by-accept': 'sent' } }));
  }

  @All('accept-twice')
  async acceptTwice(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    await handshake.accept();
    await handshake.accept();
  }

  @All('goodbye')
  async goodbye(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    const socket = await handshake.accept();
    socket.send('goodbye');
    socket.close(1000, 'Server closed');
  }

  @Get('plain')
  plain(): string {
    return 'plain';
  }

  @Post('body')
  body(@Req() request: FastifyRequest): unknown {
    return { body: request.body };
  }
}

/** The handshake is taken, and its socket closed at once. */
async function acceptAndClose(handshake: Handshake): Promise<void> {
  (await handshake.accept()).close(1000);
}

/** A list of allowed origins each, and none at the end. */
@Controller('origins')
class OriginsController {
  @All('self')
  @UseGuards(OriginGuard)
  self(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    return acceptAndClose(handshake);
  }

  @All('other')
  @UseGuards(allowOrigins('http://e.com'))
  other(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    return acceptAndClose(handshake);
  }

  @All('several')
  @UseGuards(allowOrigins('http://e.com', 'http://example.com'))
  several(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    return acceptAndClose(handshake);
  }

  @All('any')
  @UseGuards(allowOrigins('*'))
  any(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    return acceptAndClose(handshake);
  }

  @All('any-and-other')
  @UseGuards(allowOrigins('http://e.com', '*'))
  anyAndOther(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    return acceptAndClose(handshake);
  }

  @All('capitals')
  @UseGuards(allowOrigins('http://ExAmPLE.cOm'))
  capitals(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    return acceptAndClose(handshake);
  }

  @All('unguarded')
  unguarded(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    return acceptAndClose(handshake);
  }
}

/** What the checklist of the reference needs on the server. */
@Module({
  controllers: [ChecklistController, OriginsController],
  providers: [Accepted, SeenHeaders],
})
export class ChecklistApp {}
