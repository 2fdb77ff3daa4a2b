/** A tick is as exact as the wheel is: nothing is early, and at most this much late. */
const TICK_MS = 20;
const SLOTS = 1024;

/** Something that waits for its time on a `TimerWheel`; the fields belong to the wheel. */
export abstract class Timed {
  wheelNext: Timed | undefined;
  wheelPrevious: Timed | undefined;
  /** The tick it is due at; -1 while it waits for nothing. */
  wheelTick = -1;

  /** @param now milliseconds of `performance.now()` */
  abstract onDue(now: number): void;
}

/**
 * Many deadlines on one timer: a hashed wheel (Varghese and Lauck, scheme 6). Setting and
 * cancelling cost the same however many wait, and the process sleeps until the next occupied slot.
 */
export class TimerWheel {
  private readonly slots: (Timed | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  private current = tickOf(performance.now());
  private wakeAt = Infinity;
  private timer: NodeJS.Timeout | undefined;
  private waiting = 0;

  /** Entries that wait. */
  get size(): number {
    return this.waiting;
  }

  /** Calls `entry.onDue` in `delay` milliseconds, instead of when it was due before. */
  schedule(entry: Timed, delay: number): void {
    this.cancel(entry);
    const now = performance.now();
    if (this.waiting === 0) this.current = tickOf(now);
    const tick = Math.max(this.current + 1, Math.ceil((now + delay) / TICK_MS));
    const slot = tick % SLOTS;
    const head = this.slots[slot];
    entry.wheelTick = tick;
    entry.wheelNext = head;
    if (head !== undefined) head.wheelPrevious = entry;
    this.slots[slot] = entry;
    this.waiting++;
    if (tick < this.wakeAt) this.wake(tick, now);
  }

  cancel(entry: Timed): void {
    if (entry.wheelTick < 0) return;
    const { wheelNext: next, wheelPrevious: previous } = entry;
    if (previous === undefined) this.slots[entry.wheelTick % SLOTS] = next;
    else previous.wheelNext = next;
    if (next !== undefined) next.wheelPrevious = previous;
    entry.wheelNext = undefined;
    entry.wheelPrevious = undefined;
    entry.wheelTick = -1;
    if (--this.waiting === 0) this.sleep();
  }

  private wake(tick: number, now: number): void {
    this.wakeAt = tick;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.turn(), Math.max(1, tick * TICK_MS - now)).unref();
  }

  private sleep(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.wakeAt = Infinity;
  }

  private turn(): void {
    this.wakeAt = Infinity;
    const now = performance.now();
    const target = tickOf(now);
    const due: Timed[] = [];
    for (let tick = Math.max(this.current + 1, target - SLOTS + 1); tick <= target; tick++) {
      for (let entry = this.slots[tick % SLOTS]; entry !== undefined; entry = entry.wheelNext) {
        if (entry.wheelTick <= target) due.push(entry);
      }
    }
    this.current = Math.max(this.current, target);
    for (const entry of due) {
      // An earlier entry of this turn may have cancelled or moved this one.
      if (entry.wheelTick < 0 || entry.wheelTick > target) continue;
      this.cancel(entry);
      entry.onDue(now);
    }
    this.wakeForNext(now);
  }

  private wakeForNext(now: number): void {
    if (this.waiting === 0) return;
    for (let tick = this.current + 1; tick <= this.current + SLOTS; tick++) {
      if (this.slots[tick % SLOTS] !== undefined) {
        if (tick < this.wakeAt) this.wake(tick, now);
        return;
      }
    }
  }
}

function tickOf(now: number): number {
  return Math.floor(now / TICK_MS);
}
