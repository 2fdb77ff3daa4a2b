// Loaded into the service with NODE_OPTIONS=--import: at SIGUSR2 it collects all garbage and writes
// a line of the JSON log with what is left, memory and handles alike.
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
let probe = 0;

process.on('SIGUSR2', async () => {
  for (let round = 0; round < 3; round++) {
    collectGarbage();
    await setImmediate();
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  const handles = {};
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
  probe++;
  console.log(JSON.stringify({ probe, heapUsed, arrayBuffers, rss, handles }));
});
