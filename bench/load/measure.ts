import { setTimeout as sleep } from 'node:timers/promises';
import type { Throughput } from './job.js';
import { cpuSecondsOf } from './server-usage.js';

interface Measured {
  readonly pid: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** @param count how much was done so far; asked at the beginning and at the end of measuring */
export async function measure(
  { pid, warmUpSeconds, seconds }: Measured,
  count: () => number,
): Promise<Throughput> {
  await sleep(warmUpSeconds * 1000);
  const before = snapshot(pid, count);
  await sleep(seconds * 1000);
  const after = snapshot(pid, count);
  return {
    count: after.count - before.count,
    seconds: (after.time - before.time) / 1000,
    serverCpuSeconds: after.serverCpu - before.serverCpu,
    generatorCpuSeconds: after.generatorCpu - before.generatorCpu,
  };
}

function snapshot(pid: number, count: () => number) {
  const { user, system } = process.cpuUsage();
  return {
    count: count(),
    time: performance.now(),
    serverCpu: cpuSecondsOf(pid),
    generatorCpu: (user + system) / 1e6,
  };
}
