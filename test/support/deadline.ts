/** How long a test waits for anything, unless it says otherwise. */
export const DEFAULT_DEADLINE_MS = 10_000;

/** What was waited for did not come in time. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';

  constructor(what: string, ms: number) {
    super(`waited ${ms} ms for ${what}`);
  }
}

/** Settles as `promise` does, or rejects with a message that names `what` after `ms`. */
export async function within<T>(
  promise: Promise<T>,
  what: string,
  ms = DEFAULT_DEADLINE_MS,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DeadlineExceeded(what, ms)), ms);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
