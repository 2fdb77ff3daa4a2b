import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

/** Reads until the value is the expected one; past the deadline the assertion says how it differs. */
export async function eventually<T>(read: () => Promise<T>, expected: T, ms = 5000): Promise<void> {
  const deadline = performance.now() + ms;
  let value = await read();
  while (!isDeepStrictEqual(value, expected) && performance.now() < deadline) {
    await sleep(20);
    value = await read();
  }
  expect(value).toEqual(expected);
}
