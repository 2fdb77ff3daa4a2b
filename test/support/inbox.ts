import { DEFAULT_DEADLINE_MS, DeadlineExceeded } from './deadline.js';

interface Waiter<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

/** Values in order of arrival, taken one by one. A failure comes after the values before it. */
export class Inbox<T> {
  readonly #values: T[] = [];
  readonly #waiters: Waiter<T>[] = [];
  #failure: Error | undefined;

  /** How many values wait to be taken. */
  get length(): number {
    return this.#values.length;
  }

  put(value: T): void {
    const waiter = this.#waiters.shift();
    if (waiter) waiter.resolve(value);
    else this.#values.push(value);
  }

  /** No further value will come; the first reason stands. */
  fail(reason: Error): void {
    if (this.#failure) return;
    this.#failure = reason;
    for (const waiter of this.#waiters.splice(0)) waiter.reject(reason);
  }

  /** The next value; a wait that timed out takes none. */
  next(what: string, ms = DEFAULT_DEADLINE_MS): Promise<T> {
    const value = this.#values.shift();
    if (value !== undefined) return Promise.resolve(value);
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise<T>((resolve, reject) => {
      const waiter: Waiter<T> = {
        resolve(received) {
          clearTimeout(timer);
          resolve(received);
        },
        reject(error) {
          clearTimeout(timer);
          reject(error);
        },
      };
      const timer = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(new DeadlineExceeded(what, ms));
      }, ms);
      this.#waiters.push(waiter);
    });
  }
}
