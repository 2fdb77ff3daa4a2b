import { jest } from '@jest/globals';
import { Timed, TimerWheel } from './timer-wheel.js';

class Entry extends Timed {
  dueAt: number | undefined;

  constructor(private readonly action: () => void = () => {}) {
    super();
  }

  override onDue(now: number): void {
    this.dueAt = now;
    this.action();
  }
}

describe('TimerWheel', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it.each([0, 1, 19, 20, 500, 20_479, 20_480, 30_000, 100_000])(
    'is never early and at most two ticks late: %d ms',
    (delay) => {
      const wheel = new TimerWheel();
      const start = performance.now();
      const entry = new Entry();
      wheel.schedule(entry, delay);
      jest.advanceTimersByTime(delay + 60);
      expect(entry.dueAt! - start).toBeGreaterThanOrEqual(delay);
      expect(entry.dueAt! - start).toBeLessThanOrEqual(delay + 40);
    },
  );

  it('forgets what was cancelled, and keeps no timer when nothing waits', () => {
    const wheel = new TimerWheel();
    const entries = Array.from({ length: 10 }, () => new Entry());
    for (const entry of entries) wheel.schedule(entry, 100);
    for (const entry of entries) wheel.cancel(entry);
    expect(wheel.size).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
    jest.advanceTimersByTime(1000);
    expect(entries.every(({ dueAt }) => dueAt === undefined)).toBe(true);
  });

  it('moves an entry that is scheduled again', () => {
    const wheel = new TimerWheel();
    const entry = new Entry();
    wheel.schedule(entry, 1000);
    wheel.schedule(entry, 100);
    jest.advanceTimersByTime(200);
    expect(entry.dueAt).toBeLessThanOrEqual(performance.now() - 60);
    expect(wheel.size).toBe(0);
  });

  it('uses one timer for all entries', () => {
    const wheel = new TimerWheel();
    for (let delay = 10; delay < 50_000; delay += 10) wheel.schedule(new Entry(), delay);
    expect(jest.getTimerCount()).toBe(1);
  });

  it('lets a due entry cancel another one and schedule itself again', () => {
    const wheel = new TimerWheel();
    const other = new Entry();
    const times: number[] = [];
    const entry: Entry = new Entry(() => {
      times.push(performance.now());
      wheel.cancel(other);
      if (times.length < 3) wheel.schedule(entry, 100);
    });
    // Entries of one slot are called newest first.
    wheel.schedule(other, 100);
    wheel.schedule(entry, 100);
    jest.advanceTimersByTime(1000);
    expect(times).toHaveLength(3);
    expect(other.dueAt).toBeUndefined();
  });

  it('catches up after the event loop stood still for longer than a turn', () => {
    const wheel = new TimerWheel();
    const entries = [100, 15_000, 25_000, 90_000].map((delay) => {
      const entry = new Entry();
      wheel.schedule(entry, delay);
      return entry;
    });
    jest.setSystemTime(Date.now() + 60_000);
    jest.advanceTimersByTime(100_000);
    expect(entries.every(({ dueAt }) => dueAt !== undefined)).toBe(true);
  });
});
