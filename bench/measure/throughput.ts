import type { Target } from '../load/job.js';
import { type Cell, cellOf } from './cells.js';
import { GridBuilder, type Section } from './section.js';
import { perCpuSecond, rotate, type Session } from './session.js';

/** Every server's code is hot before the first cell is measured. */
const WARM_UP = [cellOf('125B-p1'), cellOf('125B-p16')];

/**
 * Measures in rounds: in each, all servers are started anew, and take turns in every cell. So what
 * slows the machine for a minute, or a server from its start on, does not decide.
 */
export async function measureThroughput(
  session: Session,
  cells: readonly Cell[],
  subjects = session.subjects,
): Promise<Section[]> {
  const perCpu = new GridBuilder();
  const perSecond = new GridBuilder();
  for (let round = 0; round < session.effort.rounds; round++) {
    await session.withServers(subjects, async (targetOf) => {
      for (const subject of subjects) await warmUp(session, targetOf(subject));
      for (const cell of cells) {
        for (const subject of rotate(subjects, round)) {
          const what = `${subject.title}, ${cell.title}`;
          session.progress.say(`Throughput, round ${round + 1}: ${what}`);
          const result = await session
            .throughput(targetOf(subject), cell)
            .catch((error: Error) => session.progress.fail(what, error));
          perCpu.set(cell.id, subject.id, round, result && perCpuSecond(result));
          perSecond.set(cell.id, subject.id, round, result && result.count / result.seconds);
        }
      }
    });
  }
  return [
    {
      id: 'throughput',
      title: 'Messages per CPU second of the server',
      explanation:
        'Rows are payload, connections and messages in flight on each (`p1`: ping-pong); the ' +
        'sockets of Wren over HTTP/2 share one connection.',
      digits: 0,
      rows: cells,
      grid: perCpu.grid,
    },
    {
      id: 'per-second',
      title: 'Messages per second',
      explanation:
        'By the clock: as much as the server or the load generator can do, on one core each.',
      digits: 0,
      rows: cells,
      grid: perSecond.grid,
    },
  ];
}

/** What fails here fails again where it is counted. */
async function warmUp(session: Session, target: Target): Promise<void> {
  for (const cell of WARM_UP) await session.throughput(target, cell).catch(() => undefined);
}
