import { Timed, type TimerWheel } from './timer-wheel.js';
import type { ConnectionOptions } from './connection-options.js';

/** What the clock makes happen to a connection. */
export interface LivenessTarget {
  /** The peer was silent for the keep-alive interval. */
  probe(): void;
  /** Nothing came back in the keep-alive timeout. */
  onSilent(): void;
  /** No message came in the idle timeout. */
  onIdle(): void;
  /** The closing handshake did not end in time. */
  onCloseTimeout(): void;
}

/** The clocks of one connection: keep-alive, idle timeout, closing handshake. */
export class Liveness extends Timed {
  /** When bytes last came, in milliseconds of `performance.now()`; traffic counts as life. */
  lastRead = performance.now();
  lastMessage = this.lastRead;

  private probedAt = 0;
  private lastChanceAt = 0;
  private closeBy = 0;
  private isSuspended = false;

  constructor(
    private readonly wheel: TimerWheel,
    private readonly target: LivenessTarget,
    private readonly options: ConnectionOptions,
  ) {
    super();
    this.scheduleNext(this.lastRead);
  }

  /** From now on only the end of the closing handshake counts. */
  startClosing(): void {
    if (this.closeBy > 0) return;
    this.closeBy = performance.now() + this.options.closeTimeout;
    this.wheel.schedule(this, this.options.closeTimeout);
  }

  /** Silence means nothing while we do not read; the stream's own timeout watches it then. */
  suspend(isSuspended: boolean): void {
    this.isSuspended = isSuspended;
    if (!isSuspended) {
      this.probedAt = 0;
      this.lastRead = performance.now();
    }
  }

  stop(): void {
    this.wheel.cancel(this);
  }

  override onDue(now: number): void {
    if (this.closeBy > 0) {
      this.closeBy = 0;
      this.target.onCloseTimeout();
      return;
    }
    const { idleTimeout, keepAliveInterval, keepAliveTimeout } = this.options;
    if (idleTimeout > 0 && now - this.lastMessage >= idleTimeout) {
      this.target.onIdle();
      return;
    }
    if (keepAliveInterval > 0 && !this.isSuspended) {
      if (this.isProbing && keepAliveTimeout > 0) {
        if (now - this.probedAt >= keepAliveTimeout) {
          if (this.lastChanceAt === this.probedAt) {
            this.target.onSilent();
          } else {
            // After the event loop stood still the answer may be there, and nobody has read it yet.
            this.lastChanceAt = this.probedAt;
            this.wheel.schedule(this, 1);
          }
          return;
        }
      } else if (now - Math.max(this.probedAt, this.lastRead) >= keepAliveInterval) {
        this.probedAt = now;
        this.target.probe();
      }
    }
    this.scheduleNext(now);
  }

  /** Whether a Ping went out and nothing came since. */
  private get isProbing(): boolean {
    return this.probedAt > this.lastRead;
  }

  private scheduleNext(now: number): void {
    const { idleTimeout, keepAliveInterval, keepAliveTimeout } = this.options;
    let due = Infinity;
    if (idleTimeout > 0) due = this.lastMessage + idleTimeout;
    if (keepAliveInterval > 0) {
      const isAwaited = this.isProbing && keepAliveTimeout > 0;
      if (this.isSuspended) {
        due = Math.min(due, now + keepAliveInterval);
      } else if (isAwaited) {
        // The answer may come at once, and the next silence begins with it.
        due = Math.min(due, this.probedAt + keepAliveTimeout, now + keepAliveInterval);
      } else {
        due = Math.min(due, Math.max(this.probedAt, this.lastRead) + keepAliveInterval);
      }
    }
    if (due < Infinity) this.wheel.schedule(this, due - now);
  }
}
