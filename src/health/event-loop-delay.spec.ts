import { setTimeout as sleep } from 'node:timers/promises';
import { EventLoopDelayMonitor } from './event-loop-delay.js';

const WINDOW = 400;

function block(duration: number): void {
  const end = performance.now() + duration;
  while (performance.now() < end);
}

describe('EventLoopDelayMonitor', () => {
  let monitor: EventLoopDelayMonitor;

  beforeEach(() => {
    monitor = new EventLoopDelayMonitor(WINDOW);
  });

  afterEach(() => {
    monitor.stop();
  });

  it('knows of no delay before it has measured', () => {
    expect(monitor.read()).toEqual({ mean: 0, p99: 0 });
  });

  it('reads how long timers had to wait, and forgets it after the window', async () => {
    await sleep(50);
    block(300);
    await sleep(30);
    const { mean, p99 } = monitor.read();
    expect(p99).toBeGreaterThan(200);
    expect(mean).toBeGreaterThan(0);
    expect(mean).toBeLessThan(p99);
    await sleep(3 * WINDOW);
    expect(monitor.read().p99).toBeLessThan(p99);
  });
});
