import type { Latency } from './job.js';

/** Buckets for each doubling: a value is kept to within 1.6 %. */
const STEPS = 64;
const DOUBLINGS = 40;

/** Latencies in microseconds, kept in buckets that grow with the value. */
export class Histogram {
  private readonly buckets = new Float64Array(STEPS * DOUBLINGS);
  private total = 0;
  private max = 0;

  add(microseconds: number): void {
    const value = Math.max(microseconds, 0);
    this.buckets[Math.floor(Math.log2(1 + value) * STEPS)] += 1;
    this.total += 1;
    if (value > this.max) this.max = value;
  }

  clear(): void {
    this.buckets.fill(0);
    this.total = 0;
    this.max = 0;
  }

  summary(): Latency {
    return {
      p50: this.percentile(0.5),
      p99: this.percentile(0.99),
      p999: this.percentile(0.999),
      max: this.max,
    };
  }

  private percentile(share: number): number {
    let below = 0;
    for (const [index, count] of this.buckets.entries()) {
      below += count;
      if (below > share * this.total) return 2 ** ((index + 0.5) / STEPS) - 1;
    }
    return this.max;
  }
}
