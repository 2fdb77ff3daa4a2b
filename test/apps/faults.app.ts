import { All, type CanActivate, Controller, Injectable, Module } from '@nestjs/common';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { FastifyRequest } from 'fastify';
import {
  type CloseOutcome,
  type GatewayOptions,
  Handshake,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayMessage,
  UseHandshakeGuards,
  type WebSocketConnection,
  WebSocketHandshake,
} from '../../src/websockets/index.js';
import { Inbox } from '../support/inbox.js';

/** The server's side of a socket: the test does with it what user code would. */
export interface Session {
  readonly connection: WebSocketConnection;
  /** What `handleDisconnect` was called with, every time; of an action what `closed` gave. */
  readonly ends: Inbox<CloseOutcome>;
}

/** Every session, as soon as user code has it. */
@Injectable()
export class Sessions extends Inbox<Session> {
  begin(connection: WebSocketConnection): Session {
    const session = { connection, ends: new Inbox<CloseOutcome>() };
    connection.data = session;
    this.put(session);
    return session;
  }
}

/** Handshakes that wait for the test to let them in. */
@Injectable()
export class Doormen extends Inbox<(isWelcome: boolean) => void> {}

@Injectable()
class DoormanGuard implements CanActivate {
  constructor(private readonly doormen: Doormen) {}

  canActivate(): Promise<boolean> {
    return new Promise((resolve) => this.doormen.put(resolve));
  }
}

/** The three ways in which user code gets messages; all of them send back what `say` makes. */
export const lanes = [
  { lane: 'the raw lane', path: '/raw', say: (text: string) => text },
  {
    lane: 'the event lane',
    path: '/events',
    say: (text: string) => JSON.stringify({ event: 'echo', data: text }),
  },
  { lane: 'a controller action', path: '/action', say: (text: string) => text },
] as const;

/** User code that has a socket and takes no message from it. */
export const unreadPaths = [
  { who: 'a gateway whose handleConnection is not done', path: '/waiting' },
  { who: 'a controller action that reads nothing', path: '/unread' },
] as const;

/** Subprotocols, in the gateway's order of preference. */
export const SUBPROTOCOLS = ['chat.v2', 'chat.v1'] as const;

/** The `/brief` gateway's own idle timeout, and the size of its largest message. */
export const BRIEF: Partial<GatewayOptions> = { idleTimeout: 300, maxMessageSize: 100 };

abstract class LaneGateway implements OnGatewayConnection, OnGatewayDisconnect {
  constructor(private readonly sessions: Sessions) {}

  handleConnection(connection: WebSocketConnection, _request?: FastifyRequest): unknown {
    this.sessions.begin(connection);
    return undefined;
  }

  handleDisconnect({ data }: WebSocketConnection, outcome: CloseOutcome): void {
    (data as Session).ends.put(outcome);
  }
}

@Injectable()
class EchoGateway extends LaneGateway implements OnGatewayMessage {
  handleMessage(connection: WebSocketConnection, data: Buffer, isBinary: boolean): void {
    connection.send(data, isBinary);
  }
}

@WebSocketGateway<GatewayOptions>({ path: '/raw' })
class RawGateway extends EchoGateway {
  constructor(sessions: Sessions) {
    super(sessions);
  }
}

@WebSocketGateway<GatewayOptions>({ path: '/brief', ...BRIEF })
class BriefGateway extends EchoGateway {
  constructor(sessions: Sessions) {
    super(sessions);
  }
}

@UseHandshakeGuards(DoormanGuard)
@WebSocketGateway<GatewayOptions>({ path: '/guarded' })
class GuardedGateway extends EchoGateway {
  constructor(sessions: Sessions) {
    super(sessions);
  }
}

@WebSocketGateway<GatewayOptions>({ path: '/subprotocols', subprotocols: SUBPROTOCOLS })
class SubprotocolGateway extends LaneGateway implements OnGatewayMessage {
  constructor(sessions: Sessions) {
    super(sessions);
  }

  handleMessage(connection: WebSocketConnection): void {
    connection.send(connection.subprotocol === 'chat.v2' ? 'in the new way' : 'in the old way');
  }
}

@WebSocketGateway<GatewayOptions>({ path: '/waiting' })
class WaitingGateway extends EchoGateway {
  constructor(sessions: Sessions) {
    super(sessions);
  }

  override handleConnection(connection: WebSocketConnection): unknown {
    super.handleConnection(connection);
    return connection.closed;
  }
}

@WebSocketGateway<GatewayOptions>({ path: '/events' })
class EventGateway extends LaneGateway {
  constructor(sessions: Sessions) {
    super(sessions);
  }

  @SubscribeMessage('echo')
  echo(@MessageBody() data: string) {
    return { event: 'echo', data };
  }
}

@Controller()
class SessionController {
  constructor(private readonly sessions: Sessions) {}

  @All('action')
  async echo(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    const connection = await handshake.accept();
    const { ends } = this.sessions.begin(connection);
    for await (const { data, isBinary } of connection) connection.send(data, isBinary);
    ends.put(await connection.closed);
  }

  /** Messages are there for the test to take. */
  @All('unread')
  async accept(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    const connection = await handshake.accept();
    const { ends } = this.sessions.begin(connection);
    ends.put(await connection.closed);
  }
}

/** User code on every lane, with its connections in the hands of the test. */
@Module({
  providers: [
    Sessions,
    Doormen,
    RawGateway,
    BriefGateway,
    GuardedGateway,
    SubprotocolGateway,
    WaitingGateway,
    EventGateway,
  ],
  controllers: [SessionController],
  exports: [Sessions],
})
export class FaultsApp {}
