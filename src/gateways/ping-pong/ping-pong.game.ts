import { CloseCode, type WebSocketConnection } from '../../websockets/index.js';
import type { PingPongOptions } from './ping-pong.options.js';

/** The rounds of one client; it has one timer at most. */
export class PingPongGame {
  private round = 0;
  private isAnswerDue = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: WebSocketConnection,
    private readonly options: PingPongOptions,
  ) {}

  ping(): void {
    this.round++;
    this.isAnswerDue = true;
    this.socket.send('ping');
    const { timeout } = this.options;
    this.timer = setTimeout(
      () => this.socket.close(CloseCode.PolicyViolation, `No 'pong' within ${timeout} ms`),
      timeout,
    );
  }

  /** An answer that nobody waits for is ignored: it may have crossed nothing but our patience. */
  pong(): void {
    if (!this.isAnswerDue) return;
    this.isAnswerDue = false;
    this.stop();
    const { rounds, interval } = this.options;
    this.timer = setTimeout(
      () => (this.round < rounds ? this.ping() : this.socket.close(CloseCode.Normal, 'Done')),
      interval,
    );
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
