import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { documentation, repository } from '../paths.js';
import { runCommand } from '../servers/run-command.js';
import { writeCharts } from './charts.js';
import type { Report } from './report.js';
import { renderReport } from './tables.js';

const BEGIN = '<!-- Written by: npm run bench -- --write-docs -->';
const END = '<!-- End of what was written -->';

/** Replaces the figures in docs/performance.md, and the charts in docs/images. */
export async function writeDocumentation(report: Report): Promise<void> {
  const file = join(documentation, 'performance.md');
  const text = await readFile(file, 'utf8');
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`${file} lacks the marks for the figures`);
  const charts = await writeCharts(report, join(documentation, 'images'));
  const images = charts.map(({ file: image, title }) => `![${title}](images/${image})`);
  const figures = [BEGIN, ...images, renderReport(report), ''].join('\n\n');
  await writeFile(file, text.slice(0, begin) + figures + text.slice(end));
  const prettier = join(repository, 'node_modules/prettier/bin/prettier.cjs');
  await runCommand([process.execPath, prettier, '--write', file], { cwd: repository });
}
