/**
 * Watches the timers that are set from now on, in the code under test and not in Node.
 *
 * @returns a function that stops watching and tells how many are still to fire.
 */
export function watchTimers(): () => number {
  const { setTimeout, clearTimeout } = globalThis;
  const pending = new Set<unknown>();

  const watchedSetTimeout = (callback: () => void, delay?: number): NodeJS.Timeout => {
    const timer = setTimeout(() => {
      pending.delete(timer);
      callback();
    }, delay);
    pending.add(timer);
    return timer;
  };
  const watchedClearTimeout = (timer: NodeJS.Timeout | undefined): void => {
    pending.delete(timer);
    clearTimeout(timer);
  };
  Object.assign(globalThis, { setTimeout: watchedSetTimeout, clearTimeout: watchedClearTimeout });
  return () => {
    Object.assign(globalThis, { setTimeout, clearTimeout });
    return pending.size;
  };
}
