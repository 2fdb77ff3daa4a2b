import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import {
  HealthCheck,
  type HealthCheckResult,
  HealthCheckService,
  type HealthIndicatorFunction,
} from '@nestjs/terminus';
import { EventLoopIndicator } from './event-loop.indicator.js';
import { HeapIndicator } from './heap.indicator.js';
import { SocketStatus } from './socket-status.js';
import { SocketsIndicator } from './sockets.indicator.js';

/** What probes and people ask; 200 or 503, in Terminus's JSON, never cached. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly eventLoop: EventLoopIndicator,
    private readonly heap: HeapIndicator,
    private readonly sockets: SocketsIndicator,
    private readonly status: SocketStatus,
  ) {}

  /** Everything that is known: the checks of readiness, and the open sockets. */
  @Get()
  @HealthCheck()
  all(): Promise<HealthCheckResult> {
    return this.check([
      () => this.eventLoop.check(),
      () => this.heap.check(),
      () => this.sockets.check(),
    ]);
  }

  /**
   * Does the process answer at all? It does if this runs. Not asked through Terminus, which says 503
   * on every endpoint once the application stops: an orchestrator would then kill the process in the
   * middle of its draining.
   */
  @Get('live')
  @HealthCheck()
  live(): HealthCheckResult {
    return { status: 'ok', info: {}, error: {}, details: {} };
  }

  /** May new sockets be sent here? 503 as soon as the application is told to stop. */
  @Get('ready')
  @HealthCheck()
  ready(): Promise<HealthCheckResult> {
    return this.check([() => this.eventLoop.check(), () => this.heap.check()]);
  }

  private async check(indicators: HealthIndicatorFunction[]): Promise<HealthCheckResult> {
    const result = await this.health.check(indicators);
    // Terminus learns of the stop later than the sockets do, and would log an error for each probe
    if (this.status.isDraining) {
      throw new ServiceUnavailableException({ ...result, status: 'shutting_down' });
    }
    return result;
  }
}
