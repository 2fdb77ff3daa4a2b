import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkFloors } from './check.js';
import { comparisons } from './floors.js';
import { describeMachine } from './machine.js';
import { measureParts } from './measure/measure-parts.js';
import { Session } from './measure/session.js';
import { type Options, readOptions, USAGE } from './options.js';
import { repository, results } from './paths.js';
import { writeCharts } from './report/charts.js';
import { writeDocumentation } from './report/documentation.js';
import type { Report } from './report/report.js';
import { renderReport } from './report/tables.js';
import { chooseCores } from './servers/cores.js';
import type { Subject } from './servers/server.js';
import { allSubjects } from './servers/subjects.js';

const LATEST = join(results, 'latest.json');
const WARM_UP_SECONDS = 0.3;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(USAGE);
    return;
  }
  const report = options.reusesResults
    ? (JSON.parse(await readFile(LATEST, 'utf8')) as Report)
    : await measure(options);
  if (!options.checks) console.log(renderReport(report));
  await writeCharts(report, results);
  if (options.writesDocs) await writeDocumentation(report);
}

async function measure(options: Options): Promise<Report> {
  const { rounds, seconds, idleSockets, memorySockets } = options;
  const { subjects, notRun } = await prepare(wantedSubjects(options));
  const cores = chooseCores();
  const machine = describeMachine(cores, repository);
  const effort = { rounds, seconds, warmUpSeconds: WARM_UP_SECONDS, idleSockets, memorySockets };
  const session = new Session(subjects, cores, effort);
  try {
    const sections = await measureParts(session, options);
    const report: Report = {
      date: new Date().toISOString().slice(0, 10),
      machine,
      rounds,
      seconds,
      subjects: subjects.map(({ id, title }) => ({ id, title })),
      notRun,
      failures: session.progress.failures,
      sections,
    };
    await mkdir(results, { recursive: true });
    await writeFile(LATEST, JSON.stringify(report, undefined, 2));
    if (options.checks) {
      console.log(renderReport(report));
      if (!(await checkFloors(session, sections))) process.exitCode = 1;
    }
    return report;
  } finally {
    await session.stop();
  }
}

function wantedSubjects({ subjects: wanted, checks, wren }: Options): Subject[] {
  const all = allSubjects(wren);
  const unknown = wanted?.filter((id) => !all.some((subject) => subject.id === id)) ?? [];
  if (unknown.length > 0) {
    throw new Error(
      `--peers ${unknown.join(',')}: choose from ${all.map(({ id }) => id).join(', ')}`,
    );
  }
  if (wanted !== undefined) return all.filter(({ id }) => wanted.includes(id));
  return checks ? all.filter(({ id }) => hasFloor(id)) : all;
}

/** A check measures nothing that it does not judge. */
function hasFloor(id: string): boolean {
  return comparisons.some(
    ({ numerator, denominator, floors }) =>
      Object.keys(floors).length > 0 && [numerator, denominator].includes(id),
  );
}

/** Sorts out what cannot be had here. */
async function prepare(
  wanted: readonly Subject[],
): Promise<{ subjects: Subject[]; notRun: Report['notRun'] }> {
  const subjects: Subject[] = [];
  const notRun: { title: string; reason: string }[] = [];
  for (const subject of wanted) {
    try {
      await subject.server.prepare();
      subjects.push(subject);
    } catch (error) {
      notRun.push({ title: subject.title, reason: (error as Error).message });
    }
  }
  return { subjects, notRun };
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
