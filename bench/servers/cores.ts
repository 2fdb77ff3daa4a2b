import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The cores of the server and of the load generator, if processes can be pinned here. */
export interface Cores {
  readonly server: number;
  readonly generator: number;
}

/** Two cores that are not two threads of one. */
export function chooseCores(): Cores | undefined {
  if (spawnSync('taskset', ['--version']).status !== 0) return undefined;
  const allowed = allowedCores();
  const server = allowed.at(-1);
  const generator = allowed.find((core) => server !== undefined && !isSibling(core, server));
  return server === undefined || generator === undefined ? undefined : { server, generator };
}

/** The command line that runs a program on one core only. */
export function pinned(command: readonly string[], core: number | undefined): readonly string[] {
  return core === undefined ? command : ['taskset', '-c', String(core), ...command];
}

function allowedCores(): number[] {
  const status = readFileSync('/proc/self/status', 'utf8');
  return parseList(/^Cpus_allowed_list:\s*(.+)$/m.exec(status)?.[1] ?? '');
}

function isSibling(core: number, other: number): boolean {
  try {
    const path = `/sys/devices/system/cpu/cpu${core}/topology/thread_siblings_list`;
    return parseList(readFileSync(path, 'utf8').trim()).includes(other);
  } catch {
    return core === other;
  }
}

/** Reads `0-2,5`. */
function parseList(text: string): number[] {
  return text.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
