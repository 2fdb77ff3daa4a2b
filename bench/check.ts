import { TOLERANCE } from './floors.js';
import { cells } from './measure/cells.js';
import type { Section } from './measure/section.js';
import { Session } from './measure/session.js';
import { measureParts } from './measure/measure-parts.js';
import { type Part, parts } from './options.js';
import { formatRatio } from './report/markdown.js';
import { limitText } from './report/tables.js';
import { isMet, type Verdict, verdicts } from './report/verdicts.js';

/** Rounds of the second measurement, as a multiple of the first one's. */
const SECOND_LOOK = 2;

/**
 * Holds what was measured against the floors. What is too low is measured once more, and longer.
 *
 * @returns whether all floors are reached
 */
export async function checkFloors(
  session: Session,
  sections: readonly Section[],
): Promise<boolean> {
  const first = verdicts(sections).filter(({ isNoisy }) => !isNoisy);
  const doubtful = first.filter((verdict) => !isMet(verdict, TOLERANCE));
  const second = doubtful.length > 0 ? await lookAgain(session, doubtful) : [];
  const missed = second.filter((verdict) => !isMet(verdict, TOLERANCE));
  for (const verdict of missed) {
    const measured = formatRatio(verdict.summary.median);
    console.log(`BELOW  ${verdict.title}: ${measured}, ${limitText(verdict)}`);
  }
  console.log(`${first.length - missed.length} of ${first.length} floors are reached.`);
  return missed.length === 0 && first.length > 0;
}

async function lookAgain(session: Session, doubtful: readonly Verdict[]): Promise<Verdict[]> {
  const isDoubtful = (verdict: Verdict): boolean =>
    doubtful.some(({ title }) => title === verdict.title);
  const { effort, cores } = session;
  const again = new Session(
    session.subjects.filter(({ id }) => doubtful.some(({ subjects }) => subjects.includes(id))),
    cores,
    { ...effort, rounds: effort.rounds * SECOND_LOOK },
  );
  try {
    const sections = await measureParts(again, {
      parts: parts.filter((part: Part) => doubtful.some(({ section }) => section === part)),
      cells: cells.filter(({ id }) => doubtful.some(({ row }) => row === id)),
    });
    return verdicts(sections).filter(isDoubtful);
  } finally {
    await again.stop();
  }
}
