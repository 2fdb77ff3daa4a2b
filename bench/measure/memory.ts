import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Compression } from '../load/job.js';
import { compiled } from '../paths.js';
import type { Subject } from '../servers/server.js';
import { GridBuilder, type Row, type Section } from './section.js';
import { rotate, type Session, targetOf } from './session.js';

/**
 * Sockets that are opened, used and closed before anything is measured, so that all code is there:
 * few, for the memory that they leave behind is used again.
 */
const WARM_UP_SOCKETS = 20;

/** Neither the service nor Node has a way to be told to collect garbage: this module adds one. */
const COLLECTING = ['--import', join(compiled, 'peers/collect-garbage.js')];

const SETTLE_MS = 1_000;
const MESSAGE_BYTES = 125;

/** Memory varies little, and a round takes long. */
const MAX_ROUNDS = 3;

export const memoryRows: readonly Row[] = [
  { id: 'idle', title: 'never used' },
  { id: 'touched', title: 'after one message' },
];

/** KiB of resident memory for each socket. */
export interface SocketMemory {
  readonly idle: number;
  readonly touched: number;
}

export async function measureMemory(session: Session): Promise<Section> {
  const builder = new GridBuilder();
  const { memorySockets, rounds } = session.effort;
  const subjects = session.subjects.filter(({ transport }) => transport !== 'tcp');
  for (let round = 0; round < Math.min(rounds, MAX_ROUNDS); round++) {
    for (const subject of rotate(subjects, round)) {
      session.progress.say(`Memory, round ${round + 1}: ${subject.title}`);
      const memory = await socketMemory(session, subject, memorySockets, MESSAGE_BYTES).catch(
        (error: Error) => session.progress.fail(`Memory, ${subject.title}`, error),
      );
      builder.set('idle', subject.id, round, memory?.idle);
      builder.set('touched', subject.id, round, memory?.touched);
    }
  }
  return {
    id: 'memory',
    title: `Memory of an idle socket, of ${memorySockets.toLocaleString('en')}`,
    explanation: 'KiB of resident memory for each, after a garbage collection.',
    digits: 1,
    rows: memoryRows,
    grid: builder.grid,
  };
}

/** Opens sockets on a server of their own. */
export async function socketMemory(
  session: Session,
  subject: Subject,
  sockets: number,
  payloadBytes: number,
  compression?: Compression,
): Promise<SocketMemory> {
  const server = await session.startServer(subject.server, { nodeOptions: COLLECTING });
  const holder = session.startGenerator();
  try {
    const target = targetOf(subject, server);
    const hold = (count: number) =>
      holder.run({ kind: 'hold', ...target, sockets: count, compression });
    await hold(WARM_UP_SOCKETS);
    await holder.run({ kind: 'touch', payloadBytes });
    await holder.run({ kind: 'release' });
    await sleep(SETTLE_MS);
    const before = await server.residentBytes();
    const kibEach = async (): Promise<number> => {
      await sleep(SETTLE_MS);
      return ((await server.residentBytes()) - before) / 1024 / sockets;
    };
    await hold(sockets);
    const idle = await kibEach();
    await holder.run({ kind: 'touch', payloadBytes });
    return { idle, touched: await kibEach() };
  } finally {
    await holder.stop();
    await server.stop();
  }
}
