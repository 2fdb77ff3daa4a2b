import { setTimeout as sleep } from 'node:timers/promises';
import type { Generator } from '../load/generator.js';
import type { Target } from '../load/job.js';
import { type Cell, cellOf } from './cells.js';
import { GridBuilder, type Section } from './section.js';
import { perCpuSecond, rotate, type Session } from './session.js';

const SUBJECTS = ['wren', 'wren-h2', 'wren-events', 'ws', 'nest-stock'];
const CELLS = [cellOf('125B-p1'), cellOf('125B-p16')];

/** After thousands of handshakes a server has garbage of which the messages are not the cause. */
const SETTLE_MS = 1_000;

/** What idle sockets beside the busy ones cost: throughput with them, divided by that without. */
export async function measureIdleCost(session: Session): Promise<Section> {
  const builder = new GridBuilder();
  const holder = session.startGenerator();
  const subjects = session.select(SUBJECTS);
  try {
    for (let round = 0; round < session.effort.rounds; round++) {
      for (const subject of rotate(subjects, round)) {
        session.progress.say(`Idle sockets, round ${round + 1}: ${subject.title}`);
        await session.withServers([subject], async (targetOf) => {
          const target = targetOf(subject);
          await measureRound(session, holder, target, (cell, value) =>
            builder.set(cell.id, subject.id, round, value),
          ).catch((error: Error) => session.progress.fail(`Idle, ${subject.title}`, error));
        });
      }
    }
  } finally {
    await holder.stop();
  }
  const { idleSockets } = session.effort;
  return {
    id: 'idle',
    title: `With ${idleSockets.toLocaleString('en')} idle sockets beside the busy ones`,
    explanation:
      'Messages per CPU second, divided by the mean of those before and after, without them.',
    digits: 2,
    rows: CELLS,
    grid: builder.grid,
  };
}

async function measureRound(
  session: Session,
  holder: Generator,
  target: Target,
  report: (cell: Cell, value: number | undefined) => void,
): Promise<void> {
  for (const cell of CELLS) await session.throughput(target, cell);
  const before = await throughputs(session, target);
  await holder.run({ kind: 'hold', ...target, sockets: session.effort.idleSockets });
  await sleep(SETTLE_MS);
  const beside = await throughputs(session, target);
  await holder.run({ kind: 'release' });
  await sleep(SETTLE_MS);
  const after = await throughputs(session, target);
  CELLS.forEach((cell, index) => {
    report(cell, ratio(beside[index], before[index], after[index]));
  });
}

/** To the mean of before and after, so that what changes with time alone does not count. */
function ratio(
  beside: number | undefined,
  before: number | undefined,
  after: number | undefined,
): number | undefined {
  return beside && before && after ? (2 * beside) / (before + after) : undefined;
}

async function throughputs(session: Session, target: Target): Promise<(number | undefined)[]> {
  const values: (number | undefined)[] = [];
  for (const cell of CELLS) values.push(perCpuSecond(await session.throughput(target, cell)));
  return values;
}
