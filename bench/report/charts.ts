import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { summarize, valuesOf } from '../measure/statistics.js';
import { barChart } from './bar-chart.js';
import { formatNumber } from './markdown.js';
import type { Report } from './report.js';
import { findSection } from './verdicts.js';

interface ChartOf {
  readonly file: string;
  readonly section: string;
  readonly row: string;
  readonly title: string;
  readonly subtitle: string;
  readonly isLessBetter: boolean;
}

const PER_CPU_SECOND = 'Echoed messages per CPU second of the server; more is better';

const CHARTS: readonly ChartOf[] = [
  {
    file: 'throughput-pipelined.svg',
    section: 'throughput',
    row: '125B-p16',
    title: '125 B messages, 50 sockets, 16 in flight on each',
    subtitle: PER_CPU_SECOND,
    isLessBetter: false,
  },
  {
    file: 'throughput-ping-pong.svg',
    section: 'throughput',
    row: '125B-p1',
    title: '125 B messages, 50 sockets, ping-pong',
    subtitle: PER_CPU_SECOND,
    isLessBetter: false,
  },
  {
    file: 'throughput-large.svg',
    section: 'throughput',
    row: '16K-p1',
    title: '16 KiB messages, 50 sockets, ping-pong',
    subtitle: PER_CPU_SECOND,
    isLessBetter: false,
  },
  {
    file: 'memory.svg',
    section: 'memory',
    row: 'touched',
    title: 'Memory of an idle socket that was used once',
    subtitle: 'KiB of resident memory; less is better',
    isLessBetter: true,
  },
];

/** A chart that was drawn. */
export interface DrawnChart {
  readonly file: string;
  readonly title: string;
}

/** Draws what was measured; a chart of what was not stays as it is. */
export async function writeCharts(report: Report, folder: string): Promise<DrawnChart[]> {
  const drawn: DrawnChart[] = [];
  await mkdir(folder, { recursive: true });
  for (const { file, section, row, ...chart } of CHARTS) {
    const found = findSection(report.sections, section);
    const values = found?.grid[row];
    if (found === undefined || values === undefined) continue;
    const bars = report.subjects.flatMap(({ id, title: label }) => {
      const summary = summarize(valuesOf(values[id]));
      if (summary === undefined) return [];
      const { median } = summary;
      const text = formatNumber(median, found.digits);
      return [{ label, value: median, text, isOwn: id.startsWith('wren') }];
    });
    await writeFile(join(folder, file), barChart({ ...chart, bars }));
    drawn.push({ file, title: chart.title });
  }
  return drawn;
}
