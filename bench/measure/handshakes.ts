import { GridBuilder, type Section } from './section.js';
import { perCpuSecond, rotate, type Session } from './session.js';

const CONCURRENT = 64;

/** A handshake runs through far more code than a message, which is compiled little by little. */
const WARM_UP_SECONDS = 1.5;

/** Connect, HTTP/1.1 Upgrade, close handshake. */
export async function measureHandshakes(session: Session): Promise<Section> {
  const builder = new GridBuilder();
  const { rounds, seconds } = session.effort;
  const subjects = session.subjects.filter(
    ({ transport, encoding }) => transport === 'h1' && encoding !== 'socket.io',
  );
  for (let round = 0; round < rounds; round++) {
    await session.withServers(subjects, async (targetOf) => {
      for (const subject of rotate(subjects, round)) {
        session.progress.say(`Handshakes, round ${round + 1}: ${subject.title}`);
        const target = targetOf(subject);
        const result = await session.generator
          .run({
            kind: 'handshakes',
            ...target,
            concurrent: CONCURRENT,
            seconds,
            warmUpSeconds: WARM_UP_SECONDS,
          })
          .catch((error: Error) => session.progress.fail(`Handshakes, ${subject.title}`, error));
        builder.set('handshakes', subject.id, round, result && perCpuSecond(result));
      }
    });
  }
  return {
    id: 'handshakes',
    title: 'Handshakes per CPU second of the server',
    explanation: 'Connect, upgrade, close handshake, over HTTP/1.1; Wren with its origin guard.',
    digits: 0,
    rows: [{ id: 'handshakes', title: 'open and close' }],
    grid: builder.grid,
  };
}
