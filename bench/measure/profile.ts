import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ticksOf } from '../load/server-usage.js';
import { compiled, results } from '../paths.js';
import type { Subject } from '../servers/server.js';
import { type Cell, cellOf } from './cells.js';
import { type Category, sharesByCategory } from './cpu-profile.js';
import { GridBuilder, type Row, type Section } from './section.js';
import type { Session } from './session.js';

const SUBJECTS = ['wren', 'wren-h2', 'wren-events', 'ws', 'nest-stock'];
const CELLS = [cellOf('125B-p1'), cellOf('125B-p16'), cellOf('16K-p1')];
const FOLDER = join(results, 'profiles');

const ROWS: readonly Row[] = [
  { id: 'kernel', title: 'kernel' },
  { id: 'native', title: 'V8, libuv, C++' },
  { id: 'garbage', title: 'garbage collector' },
  { id: 'node', title: 'Node’s JavaScript' },
  { id: 'framework', title: 'Nest, RxJS, Fastify' },
  { id: 'library', title: 'Wren or ws' },
];

/** Where the CPU time of a server goes; the profiles are kept in bench/results/profiles. */
export async function measureProfiles(session: Session): Promise<Section[]> {
  await mkdir(FOLDER, { recursive: true });
  const sections: Section[] = [];
  for (const cell of CELLS) {
    const builder = new GridBuilder();
    for (const subject of session.select(SUBJECTS)) {
      session.progress.say(`Profile, ${subject.title}, ${cell.title}`);
      try {
        const shares = await profile(session, subject, cell);
        for (const { id } of ROWS)
          builder.set(id, subject.id, 0, shares[id as keyof typeof shares]);
      } catch (error) {
        session.progress.fail(`Profile, ${subject.title}`, error as Error);
      }
    }
    sections.push({
      id: `profile-${cell.id}`,
      title: `Where the CPU time goes: ${cell.title}`,
      explanation: 'Per cent, by V8’s sampling profiler; the kernel’s share is the scheduler’s.',
      digits: 0,
      rows: ROWS,
      grid: builder.grid,
    });
  }
  return sections;
}

async function profile(
  session: Session,
  subject: Subject,
  cell: Cell,
): Promise<Record<Category | 'kernel', number>> {
  const name = `${subject.id}-${cell.id}.cpuprofile`;
  const exiting = ['--import', join(compiled, 'peers/exit-on-sigterm.js')];
  const profiling = ['--cpu-prof', '--cpu-prof-dir', FOLDER, '--cpu-prof-name', name];
  let kernel = 0;
  await session.withServers(
    [subject],
    async (targetOf) => {
      const target = targetOf(subject);
      await session.throughput(target, cell);
      const before = ticksOf(target.pid);
      await session.throughput(target, cell);
      const after = ticksOf(target.pid);
      const inKernel = after.kernel - before.kernel;
      kernel = inKernel / (inKernel + after.user - before.user);
    },
    { nodeOptions: [...exiting, ...profiling] },
  );
  const shares = await sharesByCategory(join(FOLDER, name), session.effort.seconds);
  return percentages(shares, kernel);
}

/** The profiler sees system calls as native functions, and page faults wherever they happen. */
function percentages(
  shares: Readonly<Record<Category, number>>,
  kernel: number,
): Record<Category | 'kernel', number> {
  const { native, garbage, node, framework, library } = shares;
  const nativeRest = Math.max(0, native - kernel);
  const scale = (100 * (1 - kernel)) / (nativeRest + garbage + node + framework + library);
  return {
    kernel: 100 * kernel,
    native: nativeRest * scale,
    garbage: garbage * scale,
    node: node * scale,
    framework: framework * scale,
    library: library * scale,
  };
}
