import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the delay is sampled, ms. */
const RESOLUTION = 20;

/** Nanoseconds in a millisecond: histograms count the former. */
const NANOSECONDS = 1e6;

/** How late timers fired within the window, ms; 0 = on time. */
export interface EventLoopDelay {
  readonly mean: number;
  readonly p99: number;
}

/**
 * Measures how long the event loop is kept from its timers, over a window that slides: of two
 * histograms that start half a window apart, the older one is read, and starts anew when it has
 * covered the whole window. What is read is so always from the last half to whole window.
 */
export class EventLoopDelayMonitor {
  private older: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  private newer: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  private readonly timer: NodeJS.Timeout;

  /** Starts measuring, without keeping the process alive. @param window in ms. */
  constructor(window: number) {
    this.older.enable();
    this.newer.enable();
    this.timer = setInterval(() => this.slide(), window / 2).unref();
  }

  read(): EventLoopDelay {
    if (this.older.count === 0) return { mean: 0, p99: 0 };
    return { mean: toDelay(this.older.mean), p99: toDelay(this.older.percentile(99)) };
  }

  stop(): void {
    clearInterval(this.timer);
    this.older.disable();
    this.newer.disable();
  }

  private slide(): void {
    this.older.reset();
    [this.older, this.newer] = [this.newer, this.older];
  }
}

/** A sample is the time between two ticks of the monitor's own timer, so its period is not delay. */
function toDelay(nanoseconds: number): number {
  return Math.max(0, Math.round(nanoseconds / NANOSECONDS) - RESOLUTION);
}
