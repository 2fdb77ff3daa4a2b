import type { Throughput } from '../load/job.js';
import type { RunningServer } from '../servers/running-server.js';
import type { Server, Subject } from '../servers/server.js';
import { type Cell, cellOf } from './cells.js';
import type { Rounds } from './statistics.js';
import { type Session, targetOf } from './session.js';

/** Messages per CPU second of the server, by cell and subject, for each round. */
export type ThroughputResults = Record<string, Record<string, Rounds>>;

export interface ThroughputReport {
  readonly perCpuSecond: ThroughputResults;
  /** Messages per second, which the load generator may limit. */
  readonly perSecond: ThroughputResults;
  /** What went wrong. */
  readonly failures: readonly string[];
}

/** Every server's code is hot before the first cell is measured. */
const WARM_UP = [cellOf('125B-p1'), cellOf('125B-p16')];

/**
 * Measures in rounds: in each, all servers are started anew, and take turns in every cell. So what
 * slows the machine for a minute, or a server from its start on, does not decide.
 */
export async function measureThroughput(
  session: Session,
  subjects: readonly Subject[],
  cells: readonly Cell[],
): Promise<ThroughputReport> {
  const perCpuSecond = new ResultTable();
  const perSecond = new ResultTable();
  const failures: string[] = [];
  for (let round = 0; round < session.effort.rounds; round++) {
    const servers = await startAll(session, subjects);
    try {
      for (const cell of cells) {
        for (const subject of rotate(subjects, round)) {
          process.stderr.write(`\rRound ${round + 1}: ${cell.title}, ${subject.title}\u001B[K`);
          const target = targetOf(subject, servers.get(subject.server.id)!);
          const result = await session.throughput(target, cell).catch((error: Error) => {
            failures.push(`${subject.title}, ${cell.title}: ${error.message}`);
            return undefined;
          });
          perCpuSecond.set(cell, subject, round, result && perCpu(result));
          perSecond.set(cell, subject, round, result && result.count / result.seconds);
        }
      }
    } finally {
      await Promise.all([...servers.values()].map((server) => server.stop()));
    }
  }
  process.stderr.write('\r\u001B[K');
  return { perCpuSecond: perCpuSecond.rows, perSecond: perSecond.rows, failures };
}

/** Nothing came back: there is no rate to speak of. */
export function perCpu({ count, serverCpuSeconds }: Throughput): number | undefined {
  return count > 0 && serverCpuSeconds > 0 ? count / serverCpuSeconds : undefined;
}

/** One process for each server, even if several subjects use it. */
export async function startAll(
  session: Session,
  subjects: readonly Subject[],
): Promise<Map<string, RunningServer>> {
  const servers = new Map<string, RunningServer>();
  try {
    for (const { server } of subjects) await startOnce(session, server, servers);
    for (const subject of subjects) {
      const target = targetOf(subject, servers.get(subject.server.id)!);
      // A subject that fails here fails again where it is counted.
      for (const cell of WARM_UP) await session.throughput(target, cell).catch(() => undefined);
    }
    return servers;
  } catch (error) {
    await Promise.all([...servers.values()].map((server) => server.stop()));
    throw error;
  }
}

async function startOnce(
  session: Session,
  server: Server,
  servers: Map<string, RunningServer>,
): Promise<void> {
  if (!servers.has(server.id)) servers.set(server.id, await session.start(server));
}

/** So that nobody has the same neighbours, or the beginning, in each round. */
export function rotate<T>(items: readonly T[], by: number): T[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

class ResultTable {
  readonly rows: Record<string, Record<string, (number | undefined)[]>> = {};

  set(cell: Cell, subject: Subject, round: number, value: number | undefined): void {
    const row = (this.rows[cell.id] ??= {});
    (row[subject.id] ??= [])[round] = value;
  }
}
