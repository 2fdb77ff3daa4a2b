import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnModuleDestroy,
} from '@nestjs/common';
import { CloseCode } from '../protocol/close-code.js';
import { WEB_SOCKET_OPTIONS, type WebSocketOptions } from '../web-socket-options.js';
import type { CloseOutcome } from './close-outcome.js';
import { TimerWheel } from './timer-wheel.js';
import type { WebSocketConnection } from './web-socket-connection.js';

/** Of the time to shut down, what is left for ending the connections that did not answer. */
const TERMINATION_SHARE = 0.2;

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
  private draining = false;
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
    return this.draining;
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
    else this.logger.error(`${where}: ${String(error)}`);
  }

  /** The first hook of a stop: from here on no handshake is accepted. */
  onModuleDestroy(): void {
    this.draining = true;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.drain();
  }

  /**
   * Takes no new connection, closes all with 1001, and terminates those that are still there when
   * the time to shut down is nearly over.
   */
  private async drain(): Promise<void> {
    if (this.connections.size === 0) return;
    this.logger.log(`Closing ${this.connections.size} connections`);
    const closed = new Promise<void>((resolve) => (this.onEmpty = resolve));
    const deadline = setTimeout(
      () => this.terminateAll(),
      this.options.shutdownTimeout * (1 - TERMINATION_SHARE),
    );
    for (const connection of this.connections) {
      connection.close(CloseCode.GoingAway, 'Server shutting down');
    }
    await closed;
    clearTimeout(deadline);
  }

  private terminateAll(): void {
    this.logger.warn(`Terminating ${this.connections.size} connections that did not close`);
    for (const connection of this.connections) connection.terminate();
  }
}
