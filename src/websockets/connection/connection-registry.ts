import { inspect } from 'node:util';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnModuleDestroy,
} from '@nestjs/common';
import { setTimeout as setTimeoutAsync } from 'node:timers/promises';
import { CloseCode } from '../protocol/close-code.js';
import { WEB_SOCKET_OPTIONS, type WebSocketOptions } from '../web-socket-options.js';
import type { CloseOutcome } from './close-outcome.js';
import { TimerWheel } from './timer-wheel.js';
import type { WebSocketConnection } from './web-socket-connection.js';

/** By which share of the time to shut down all is closed, terminated, and over. */
const CLOSING_SHARE = 0.5;
const TERMINATION_SHARE = 0.8;
const END_SHARE = 0.95;

/** Closing spreads over a millisecond for each connection, if there is time. */
const CLOSINGS_PER_MS = 1;

/** How often a spread closing goes on. */
const TURN_MS = 10;

/** Open connections of one endpoint on one HTTP version. */
export interface ConnectionCount {
  readonly path: string;
  readonly httpVersion: '1.1' | '2.0';
  readonly open: number;
}

/** All open connections, whoever accepted them: counted, capped, and closed at shutdown. */
@Injectable()
export class ConnectionRegistry implements OnModuleDestroy, BeforeApplicationShutdown {
  readonly wheel = new TimerWheel();

  private readonly logger = new Logger('WebSocket');
  private readonly connections = new Set<WebSocketConnection>();
  private drainingSince: number | undefined;
  private onEmpty: (() => void) | undefined;

  constructor(@Inject(WEB_SOCKET_OPTIONS) private readonly options: WebSocketOptions) {}

  get size(): number {
    return this.connections.size;
  }

  /** Whether `maxConnections` is reached. */
  get isFull(): boolean {
    const { maxConnections } = this.options;
    return maxConnections > 0 && this.connections.size >= maxConnections;
  }

  /** Whether the application is stopping, so that no new connection is taken. */
  get isDraining(): boolean {
    return this.drainingSince !== undefined;
  }

  /** Milliseconds in which whatever else has to stop should be over. */
  get timeLeft(): number {
    return this.timeUntil(END_SHARE);
  }

  counts(): readonly ConnectionCount[] {
    const counts = new Map<string, { path: string; httpVersion: '1.1' | '2.0'; open: number }>();
    for (const { path, httpVersion } of this.connections) {
      const key = `${httpVersion} ${path}`;
      const count = counts.get(key);
      if (count === undefined) counts.set(key, { path, httpVersion, open: 1 });
      else count.open++;
    }
    return [...counts.values()];
  }

  add(connection: WebSocketConnection): void {
    this.connections.add(connection);
    const { id, path, httpVersion } = connection;
    this.logger.debug(`Opened ${id} on ${path} over HTTP/${httpVersion}`);
  }

  remove(connection: WebSocketConnection, outcome: CloseOutcome): void {
    this.connections.delete(connection);
    const { code, reason, endedBy } = outcome;
    const words = reason === '' ? '' : ` ${JSON.stringify(reason)}`;
    this.logger.debug(`Closed ${connection.id} with ${code}${words} by the ${endedBy}`);
    if (this.connections.size === 0) this.onEmpty?.();
  }

  failed(connection: WebSocketConnection, error: unknown): void {
    const where = `Connection ${connection.id} on ${connection.path} failed`;
    if (error instanceof Error) this.logger.error(`${where}: ${error.message}`, error.stack);
    else this.logger.error(`${where}: ${inspect(error)}`);
  }

  /** The first hook of a stop: from here on no handshake is accepted. */
  onModuleDestroy(): void {
    this.drainingSince = performance.now();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.drain();
  }

  /**
   * Closes all connections with 1001, spread over time so that their clients do not all come back at
   * the same moment, and terminates those that are still there when the time is nearly over.
   */
  private async drain(): Promise<void> {
    if (this.connections.size === 0) return;
    this.logger.log(`Closing ${this.connections.size} connections`);
    const closed = new Promise<void>((resolve) => (this.onEmpty = resolve));
    const deadline = setTimeout(() => this.terminateAll(), this.timeUntil(TERMINATION_SHARE));
    await this.closeAll(this.timeUntil(CLOSING_SHARE));
    await closed;
    clearTimeout(deadline);
  }

  /** Milliseconds until a share of the time to shut down is over; at least 1. */
  private timeUntil(share: number): number {
    const now = performance.now();
    const since = this.drainingSince ?? now;
    return Math.max(1, since + this.options.shutdownTimeout * share - now);
  }

  private async closeAll(withinMs: number): Promise<void> {
    const connections = [...this.connections];
    const perMs = Math.max(CLOSINGS_PER_MS, connections.length / withinMs);
    const start = performance.now();
    for (let next = 0; next < connections.length; await setTimeoutAsync(TURN_MS)) {
      const target = Math.ceil((performance.now() - start + TURN_MS) * perMs);
      for (; next < Math.min(target, connections.length); next++) {
        connections[next].close(CloseCode.GoingAway, 'Server shutting down');
      }
    }
  }

  private terminateAll(): void {
    this.logger.warn(`Terminating ${this.connections.size} connections that did not close`);
    for (const connection of this.connections) connection.terminate();
  }
}
