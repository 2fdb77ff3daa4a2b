import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** CPU seconds that a process has used, with all its threads. */
export function cpuSecondsOf(pid: number): number {
  return process.platform === 'linux' ? schedulerSeconds(pid) : psSeconds(pid);
}

/** Clock ticks that a process has spent in user code and in the kernel, on Linux. */
export function ticksOf(pid: number): { user: number; kernel: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The second field is the program's name, in brackets; it may contain anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { user: Number(fields[11]), kernel: Number(fields[12]) };
}

/** Resident memory of a process, in bytes. */
export function residentBytesOf(pid: number): number {
  if (process.platform !== 'linux') {
    return (
      Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024
    );
  }
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** In nanoseconds, where `/proc/PID/stat` counts ticks of 10 ms. */
function schedulerSeconds(pid: number): number {
  let nanoseconds = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    try {
      nanoseconds += Number.parseInt(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'latin1'));
    } catch (error) {
      // The thread has ended since the folder was read.
      if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  return nanoseconds / 1e9;
}

function psSeconds(pid: number): number {
  const time = execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' });
  return time
    .trim()
    .split(/[:-]/)
    .reduce((seconds, part) => seconds * 60 + Number(part), 0);
}
