import { comparisons } from '../floors.js';
import { isBusy } from '../machine.js';
import type { Section } from '../measure/section.js';
import { geometricMean, type Summary, summarize, valuesOf } from '../measure/statistics.js';
import { formatNumber, formatRatio, markdownTable } from './markdown.js';
import type { Report } from './report.js';
import { compare, findSection, isMet, type Verdict, verdicts } from './verdicts.js';

const NOTHING = '–';

/** The whole report, in Markdown. */
export function renderReport(report: Report): string {
  const { sections } = report;
  return [
    introduction(report),
    ratioTable(sections),
    limitTable(sections),
    ...sections.map((section) => sectionTable(section, report)),
    list(
      'Not run',
      report.notRun.map(({ title, reason }) => `${title}: ${reason}`),
    ),
    list('Failed', report.failures),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

function introduction({ date, machine, rounds, seconds }: Report): string {
  const { processor, cores, memoryGib, system, node, pinning, loadBefore, commit } = machine;
  const lines = [
    `Measured on ${date} at commit ${commit}: ${cores} cores of ${processor}, ${memoryGib} GiB, ` +
      `${system}, Node ${node}; ${pinning}. Medians of ${rounds} rounds of ${seconds} s, and in ` +
      `brackets the least and the most of them.`,
  ];
  if (isBusy(machine)) {
    lines.push(
      `**The machine was busy with something else** (load average ${loadBefore.toFixed(1)} ` +
        `before the run): not figures to quote.`,
    );
  }
  return lines.join('\n\n');
}

function ratioTable(sections: readonly Section[]): string {
  const section = findSection(sections, 'throughput');
  if (section === undefined) return '';
  const rows = comparisons.flatMap((comparison) => {
    const summaries = section.rows.map(({ id }) => compare(sections, comparison, id));
    const medians = summaries.flatMap((summary) => summary?.median ?? []);
    if (medians.length === 0) return [];
    const cells = summaries.map((summary, index) => {
      const floor = comparison.floors[section.rows[index].id];
      return ratioCell(summary, floor);
    });
    return [[comparison.title, ...cells, formatRatio(geometricMean(medians))]];
  });
  if (rows.length === 0) return '';
  const head = ['', ...section.rows.map(({ title }) => title), 'geometric mean'];
  return [
    '### Ratios of messages per CPU second',
    'Taken within each round. `<` marks one that is below its floor, and names the floor.',
    markdownTable(head, rows),
  ].join('\n\n');
}

function ratioCell(summary: Summary | undefined, floor: number | undefined): string {
  if (summary === undefined) return NOTHING;
  const { median, min, max } = summary;
  const text = `${formatRatio(median)} [${formatRatio(min)} to ${formatRatio(max)}]`;
  return floor !== undefined && median < floor ? `${text} < ${floor}` : text;
}

/** The other limits. */
function limitTable(sections: readonly Section[]): string {
  const others = verdicts(sections).filter(({ section }) => section !== 'throughput');
  if (others.length === 0) return '';
  const rows = others.map((verdict) => [
    verdict.title,
    ratioCell(verdict.summary, undefined),
    limitText(verdict),
    isMet(verdict) ? 'yes' : 'no',
  ]);
  return ['### Other limits', markdownTable(['', 'measured', 'asked for', 'met'], rows)].join(
    '\n\n',
  );
}

export function limitText({ atLeast, atMost }: Verdict): string {
  return atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
}

/** Subjects down, situations across: there are more servers than fit beside each other. */
function sectionTable(section: Section, { subjects }: Report): string {
  const measured = subjects.filter(({ id }) =>
    section.rows.some((row) => section.grid[row.id]?.[id] !== undefined),
  );
  if (measured.length === 0) return '';
  const rows = measured.map(({ id, title }) => [
    title,
    ...section.rows.map((row) => valueCell(section, row.id, id)),
  ]);
  return [
    `### ${section.title}`,
    section.explanation,
    markdownTable(['', ...section.rows.map(({ title }) => title)], rows),
  ].join('\n\n');
}

function valueCell({ grid, digits }: Section, row: string, subject: string): string {
  const summary = summarize(valuesOf(grid[row]?.[subject]));
  if (summary === undefined) return NOTHING;
  const { median, min, max } = summary;
  const text = formatNumber(median, digits);
  return digits === 0
    ? text
    : `${text} [${formatNumber(min, digits)} to ${formatNumber(max, digits)}]`;
}

function list(title: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return [`### ${title}`, [...new Set(items)].map((item) => `- ${item}`).join('\n')].join('\n\n');
}
