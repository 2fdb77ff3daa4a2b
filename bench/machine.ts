import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';
import type { Cores } from './servers/cores.js';

/** A machine on which something else runs than the benchmark is not one to publish figures from. */
const BUSY_LOAD = 0.5;

/** Where a run took place. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
  readonly pinning: string;
  /** Load average of the minute before. */
  readonly loadBefore: number;
  readonly commit: string;
}

export function describeMachine(cores: Cores | undefined, repository: string): Machine {
  return {
    processor: cpus()[0].model.trim(),
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    node: process.version,
    pinning: cores
      ? `server on core ${cores.server}, load generator on core ${cores.generator}`
      : 'nothing is pinned: taskset is missing, or there are not two cores',
    loadBefore: loadavg()[0],
    commit: commitOf(repository),
  };
}

export function isBusy({ loadBefore }: Machine): boolean {
  return loadBefore > BUSY_LOAD;
}

function commitOf(repository: string): string {
  try {
    const options = {
      cwd: repository,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    } satisfies ExecFileSyncOptionsWithStringEncoding;
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], options).trim();
    const changes = execFileSync('git', ['status', '--porcelain', 'src'], options).trim();
    return changes === '' ? commit : `${commit}, changed`;
  } catch {
    return 'unknown';
  }
}
