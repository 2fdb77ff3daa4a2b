import { cellOf } from './cells.js';
import { GridBuilder, type Section } from './section.js';
import { rotate, type Session } from './session.js';

const CELL = cellOf('125B-p1');

/** Whose maximum is halved: the same rate for all, or the figures could not be compared. */
const REFERENCE = 'ws';

/** A tail needs more messages than a mean. */
const SECONDS_FACTOR = 2;

/** A server that answers less than this share of the messages in time is overloaded. */
const LEAST_ANSWERED = 0.9;

const PERCENTILES = ['p50', 'p99', 'p999'] as const;

/** Latency at half of the rate that plain `ws` reaches at most. */
export async function measureLatency(session: Session): Promise<Section> {
  const builder = new GridBuilder();
  const subjects = session.subjects.filter(({ encoding }) => encoding !== 'socket.io');
  const [reference] = session.select([REFERENCE]);
  if (reference === undefined) throw new Error(`Latency needs the server ${REFERENCE}`);
  const { rounds, seconds, warmUpSeconds } = session.effort;
  let rate = 0;
  for (let round = 0; round < rounds; round++) {
    await session.withServers(subjects, async (targetOf) => {
      for (const subject of subjects) await session.throughput(targetOf(subject), CELL);
      if (rate === 0) {
        const { count, seconds: time } = await session.throughput(targetOf(reference), CELL);
        rate = Math.round(count / time / 2 / 1000) * 1000;
      }
      for (const subject of rotate(subjects, round)) {
        session.progress.say(`Latency, round ${round + 1}: ${subject.title}`);
        const result = await session.generator
          .run({
            kind: 'open-loop',
            ...targetOf(subject),
            payloadBytes: CELL.payloadBytes,
            connections: CELL.connections,
            inFlight: CELL.inFlight,
            messagesPerSecond: rate,
            seconds: seconds * SECONDS_FACTOR,
            warmUpSeconds,
          })
          .catch((error: Error) => session.progress.fail(`Latency, ${subject.title}`, error));
        const isKept = result && result.count / result.seconds >= LEAST_ANSWERED * rate;
        for (const percentile of PERCENTILES) {
          builder.set(
            percentile,
            subject.id,
            round,
            isKept ? result.latency[percentile] : undefined,
          );
        }
      }
    });
  }
  return {
    id: 'latency',
    title: `Latency at ${rate.toLocaleString('en')} messages per second`,
    explanation:
      'Microseconds from when a message was due to its echo, 125 B on 50 connections; the rate is ' +
      'half of what `ws` reaches at most. Empty: the server does not keep up.',
    digits: 0,
    rows: PERCENTILES.map((id) => ({ id, title: id === 'p999' ? 'p99.9' : id })),
    grid: builder.grid,
  };
}
