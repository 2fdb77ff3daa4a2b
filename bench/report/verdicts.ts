import { type Comparison, comparisons, type Limit, limits } from '../floors.js';
import type { Section } from '../measure/section.js';
import { ratios, type Rounds, type Summary, summarize, valuesOf } from '../measure/statistics.js';

/** What was measured, beside what is asked for. */
export interface Verdict {
  readonly title: string;
  readonly section: string;
  readonly row: string;
  readonly subjects: readonly string[];
  readonly summary: Summary;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly isNoisy?: boolean;
}

/** @returns undefined if one of the two was not measured */
export function compare(
  sections: readonly Section[],
  { numerator, denominator }: Comparison,
  cell: string,
): Summary | undefined {
  const roundsOf = (subject: string): Rounds | undefined =>
    findSection(sections, 'throughput')?.grid[cell]?.[subject];
  return summarize(ratios(roundsOf(numerator), roundsOf(denominator)));
}

/** All floors and limits of which there are figures. */
export function verdicts(sections: readonly Section[]): Verdict[] {
  const floors = comparisons.flatMap((comparison) =>
    Object.entries(comparison.floors).flatMap(([row, atLeast]): Verdict[] => {
      const summary = compare(sections, comparison, row);
      const { numerator, denominator } = comparison;
      const title = `${comparison.title}, ${row}`;
      const subjects = [numerator, denominator];
      return summary ? [{ title, section: 'throughput', row, subjects, summary, atLeast }] : [];
    }),
  );
  return [...floors, ...limits.flatMap((limit) => limitVerdict(sections, limit))];
}

/** @param tolerance share of the limit by which it may be missed */
export function isMet({ summary, atLeast, atMost }: Verdict, tolerance = 0): boolean {
  if (atLeast !== undefined && summary.median < atLeast * (1 - tolerance)) return false;
  return atMost === undefined || summary.median <= atMost * (1 + tolerance);
}

export function findSection(sections: readonly Section[], id: string): Section | undefined {
  return sections.find((section) => section.id === id);
}

function limitVerdict(sections: readonly Section[], limit: Limit): Verdict[] {
  const { title, section, row, numerator, denominator, atLeast, atMost, isNoisy } = limit;
  const values = findSection(sections, section)?.grid[row];
  const summary = summarize(
    denominator === undefined
      ? valuesOf(values?.[numerator])
      : ratios(values?.[numerator], values?.[denominator]),
  );
  const subjects = denominator === undefined ? [numerator] : [numerator, denominator];
  return summary ? [{ title, section, row, subjects, summary, atLeast, atMost, isNoisy }] : [];
}
