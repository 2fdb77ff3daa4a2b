import type { Compression, Traffic } from '../load/job.js';
import type { Subject } from '../servers/server.js';
import { memoryRows, socketMemory } from './memory.js';
import { GridBuilder, type Row, type Section } from './section.js';
import { perCpuSecond, rotate, type Session } from './session.js';

const SUBJECTS = ['wren', 'ws'];

/** A context takes hundreds of KiB: as many sockets as in the memory table would not fit. */
const MEMORY_SOCKETS = 500;
const MEMORY_MESSAGE_BYTES = 2_048;

interface CompressedCell extends Row, Traffic {
  readonly compression: Compression;
}

const MODES: readonly { compression: Compression; title: string }[] = [
  { compression: 'context-takeover', title: 'context takeover' },
  { compression: 'no-context-takeover', title: 'no context takeover' },
];

const CELLS: readonly CompressedCell[] = MODES.flatMap(({ compression, title }) => [
  {
    id: `1K-p16 ${compression}`,
    title: `1 KiB, 50, p16, ${title}`,
    payloadBytes: 1024,
    connections: 50,
    inFlight: 16,
    compression,
  },
  {
    id: `16K-p1 ${compression}`,
    title: `16 KiB, 50, p1, ${title}`,
    payloadBytes: 16 * 1024,
    connections: 50,
    inFlight: 1,
    compression,
  },
]);

/** With permessage-deflate, on text that shrinks to a quarter or a third. */
export async function measureCompression(session: Session): Promise<Section[]> {
  const subjects = session.select(SUBJECTS).map(compressing);
  return [await measureThroughput(session, subjects), await measureMemory(session, subjects)];
}

function compressing(subject: Subject): Subject {
  const { server } = subject;
  return { ...subject, server: { ...server, env: { ...server.env, WS_COMPRESSION: 'on' } } };
}

async function measureThroughput(session: Session, subjects: Subject[]): Promise<Section> {
  const builder = new GridBuilder();
  for (let round = 0; round < session.effort.rounds; round++) {
    await session.withServers(subjects, async (targetOf) => {
      for (const cell of CELLS) {
        for (const subject of rotate(subjects, round)) {
          const what = `Compression, ${subject.title}, ${cell.title}`;
          session.progress.say(`Round ${round + 1}: ${what}`);
          const result = await session
            .throughput(targetOf(subject), cell, cell.compression)
            .catch((error: Error) => session.progress.fail(what, error));
          builder.set(cell.id, subject.id, round, result && perCpuSecond(result));
        }
      }
    });
  }
  return {
    id: 'compression',
    title: 'With permessage-deflate: messages per CPU second of the server',
    explanation: 'Text that compresses to a quarter or a third, inflated and deflated again.',
    digits: 0,
    rows: CELLS,
    grid: builder.grid,
  };
}

async function measureMemory(session: Session, subjects: Subject[]): Promise<Section> {
  const builder = new GridBuilder();
  for (const { compression } of MODES) {
    for (const subject of subjects) {
      const what = `Compression, memory, ${subject.title}`;
      session.progress.say(what);
      const memory = await socketMemory(
        session,
        subject,
        MEMORY_SOCKETS,
        MEMORY_MESSAGE_BYTES,
        compression,
      ).catch((error: Error) => session.progress.fail(what, error));
      builder.set(`idle ${compression}`, subject.id, 0, memory?.idle);
      builder.set(`touched ${compression}`, subject.id, 0, memory?.touched);
    }
  }
  return {
    id: 'compression-memory',
    title: 'With permessage-deflate: memory of an idle socket',
    explanation: `KiB of resident memory for each of ${MEMORY_SOCKETS}, after a garbage collection.`,
    digits: 1,
    rows: MODES.flatMap(({ compression, title }) =>
      memoryRows.map((row) => ({
        id: `${row.id} ${compression}`,
        title: `${row.title}, ${title}`,
      })),
    ),
    grid: builder.grid,
  };
}
