import { setImmediate } from 'node:timers/promises';
import { DEFAULT_DEADLINE_MS, DeadlineExceeded } from '../support/deadline.js';

/** Asks again and again, between other work, until the answer is yes. */
export async function eventually(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  ms = DEFAULT_DEADLINE_MS,
): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new DeadlineExceeded(what, ms);
    await setImmediate();
  }
}
