import { type CanActivate, type ExecutionContext, Injectable, Module } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';
import type { FastifyRequest } from 'fastify';
import {
  type CloseOutcome,
  type GatewayOptions,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayMessage,
  UseHandshakeGuards,
  type WebSocketConnection,
} from '../../src/websockets/index.js';
import { Inbox } from '../support/inbox.js';

/** Where user code waits until the test lets it in or turns it away. */
class Gate<T> {
  letIn!: (answer: T) => void;
  turnAway!: (error: Error) => void;
  readonly #arrivals = new Inbox<true>();
  readonly #answer = new Promise<T>((resolve, reject) => {
    this.letIn = resolve;
    this.turnAway = reject;
  });

  constructor(private readonly name: string) {}

  pass(): Promise<T> {
    this.#arrivals.put(true);
    return this.#answer;
  }

  async reached(): Promise<void> {
    await this.#arrivals.next(`an arrival at ${this.name}`);
  }
}

/** One handshake, and what the gateway was called with because of it, in order. */
export class Visit {
  readonly guard = new Gate<boolean>('the guard');
  readonly connection = new Gate<void>('handleConnection');
  readonly calls: string[] = [];
  readonly disconnects = new Inbox<CloseOutcome>();
}

/** Every visit, when its guard begins. */
@Injectable()
export class Visits extends Inbox<Visit> {}

type Visitor = FastifyRequest & { visit?: Visit };

@Injectable()
class GatedGuard implements CanActivate {
  constructor(private readonly visits: Visits) {}

  canActivate(context: ExecutionContext): Promise<boolean> {
    const visit = new Visit();
    context.switchToHttp().getRequest<Visitor>().visit = visit;
    this.visits.put(visit);
    return visit.guard.pass();
  }
}

@UseHandshakeGuards(GatedGuard)
@WebSocketGateway<GatewayOptions>({ path: '/gated' })
class GatedGateway implements OnGatewayConnection, OnGatewayMessage, OnGatewayDisconnect {
  async handleConnection(socket: WebSocketConnection, request: Visitor): Promise<void> {
    const visit = request.visit!;
    socket.data = visit;
    await visit.connection.pass();
    visit.calls.push('connected');
  }

  handleMessage(socket: WebSocketConnection, data: Buffer, isBinary: boolean): void {
    visitOf(socket).calls.push(data.toString());
    socket.send(data, isBinary);
  }

  handleDisconnect(socket: WebSocketConnection, outcome: CloseOutcome): void {
    visitOf(socket).calls.push('disconnected');
    visitOf(socket).disconnects.put(outcome);
  }
}

function visitOf({ data }: WebSocketConnection): Visit {
  return data as Visit;
}

/** A gateway whose guard and `handleConnection` wait for the test. */
@Module({ providers: [GatedGateway, Visits] })
export class EarlyFramesApp {}
