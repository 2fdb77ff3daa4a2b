import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { pinned } from './cores.js';

const children = new Set<ChildProcess>();

/** Starts a child that ends with this process, however this one ends. */
export function startChild(
  command: readonly string[],
  core: number | undefined,
  options: SpawnOptions,
): ChildProcess {
  const [file, ...args] = pinned(command, core);
  const child = spawn(file, args, options);
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(1));
}
