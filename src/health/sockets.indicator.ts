import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { SocketStatus } from './socket-status.js';

/** Open sockets by gateway, then by HTTP version: information, never a reason to be down. */
@Injectable()
export class SocketsIndicator {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly sockets: SocketStatus,
  ) {}

  check(): HealthIndicatorResult<'sockets'> {
    const byGateway = new Map<string, Record<string, number>>();
    let open = 0;
    for (const count of this.sockets.counts()) {
      byGateway.set(count.gateway, {
        ...byGateway.get(count.gateway),
        [count.httpVersion]: count.open,
      });
      open += count.open;
    }
    return this.indicators.check('sockets').up({ open, byGateway: Object.fromEntries(byGateway) });
  }
}
