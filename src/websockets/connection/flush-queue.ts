interface Flushable {
  flush(): void;
}

const queue: Flushable[] = [];

/**
 * Flushes once the code that runs now has returned, before the event loop goes on: what it sends
 * in one go leaves in one write, and a lone message is not delayed.
 */
export function flushSoon(connection: Flushable): void {
  if (queue.push(connection) === 1) process.nextTick(flushAll);
}

function flushAll(): void {
  // A flush may let user code run, which may send again and make the queue longer meanwhile.
  for (let index = 0; index < queue.length; index++) queue[index].flush();
  queue.length = 0;
}
