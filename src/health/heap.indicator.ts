import { getHeapStatistics } from 'node:v8';
import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';

/**
 * Part of V8's limit that may be in use. V8 collects garbage ever harder as it nears the limit, so
 * what stays above this is live, and the next step is the end of the process.
 */
const MAX_USED_SHARE = 0.9;

/** Is there room on the heap? The limit is V8's own, which `--max-old-space-size` sets. */
@Injectable()
export class HeapIndicator {
  constructor(private readonly indicators: HealthIndicatorService) {}

  check(): HealthIndicatorResult<'heap'> {
    const { used_heap_size: usedBytes, heap_size_limit: limitBytes } = getHeapStatistics();
    const data = { usedBytes, limitBytes, maxUsedShare: MAX_USED_SHARE };
    const session = this.indicators.check('heap');
    return usedBytes > limitBytes * MAX_USED_SHARE ? session.down(data) : session.up(data);
  }
}
