import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { EventLoopDelayMonitor } from './event-loop-delay.js';

/** Time that the check looks back, ms: no longer than a probe's usual period. */
const WINDOW = 10_000;

/**
 * Delay, ms, that one in a hundred samples may exceed. A second is far above what load alone causes:
 * a loop this late makes handshakes and keep-alives miss their time-outs.
 */
const MAX_P99_DELAY = 1000;

/** Is the event loop free enough to serve sockets in time? Measured once the application is up. */
@Injectable()
export class EventLoopIndicator implements OnApplicationBootstrap, OnApplicationShutdown {
  private monitor?: EventLoopDelayMonitor;

  constructor(private readonly indicators: HealthIndicatorService) {}

  onApplicationBootstrap(): void {
    this.monitor = new EventLoopDelayMonitor(WINDOW);
  }

  onApplicationShutdown(): void {
    this.monitor?.stop();
  }

  check(): HealthIndicatorResult<'eventLoop'> {
    const { mean, p99 } = this.monitor?.read() ?? { mean: 0, p99: 0 };
    const data = { meanDelayMs: mean, p99DelayMs: p99, maxP99DelayMs: MAX_P99_DELAY };
    const session = this.indicators.check('eventLoop');
    return p99 > MAX_P99_DELAY ? session.down(data) : session.up(data);
  }
}
