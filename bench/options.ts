import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cells, type Cell } from './measure/cells.js';
import { repository } from './paths.js';

export const parts = [
  'throughput',
  'idle',
  'memory',
  'handshakes',
  'latency',
  'compression',
  'profile',
] as const;

export type Part = (typeof parts)[number];

/** Those that have floors which do not depend on the machine's mood. */
const CHECKED_PARTS: readonly Part[] = ['throughput', 'idle', 'memory', 'handshakes'];

/** What a run of the benchmark does. */
export interface Options {
  readonly cells: readonly Cell[];
  readonly parts: readonly Part[];
  /** Ids of subjects; all if undefined. */
  readonly subjects: readonly string[] | undefined;
  readonly rounds: number;
  readonly seconds: number;
  readonly idleSockets: number;
  readonly memorySockets: number;
  readonly wren: string;
  readonly writesDocs: boolean;
  readonly reusesResults: boolean;
  readonly checks: boolean;
}

export const USAGE = `npm run bench -- [options]

  --peers a,b     only these servers, by id; Wren's are wren, wren-h2, wren-events
  --cells a,b     only these cells: ${cells.map(({ id }) => id).join(', ')}
  --parts a,b     only these parts: ${parts.join(', ')}
  --rounds N      rounds, each with servers started anew (7)
  --seconds S     seconds for each cell of a server in a round (1)
  --quick         3 rounds of 0.4 seconds: for a first look
  --check         a short form that fails when a ratio is below its floor
  --write-docs    put the tables and charts into docs/
  --reuse         measure nothing, take bench/results/latest.json
  --wren FILE     another build's main.js
`;

/** @throws Error that says what is wrong */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      peers: { type: 'string' },
      cells: { type: 'string' },
      parts: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      'write-docs': { type: 'boolean', default: false },
      reuse: { type: 'boolean', default: false },
      wren: { type: 'string', default: join(repository, 'dist/main.js') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const isShort = values.quick || values.check;
  return {
    cells: choose(
      'cells',
      values.cells,
      cells.map(({ id }) => id),
    ).map((id) => cells.find((cell) => cell.id === id)!),
    parts: choose('parts', values.parts, values.check ? CHECKED_PARTS : parts),
    subjects: values.peers?.split(','),
    rounds: positive('rounds', values.rounds, isShort ? 3 : 7),
    seconds: positive('seconds', values.seconds, isShort ? 0.4 : 1),
    idleSockets: isShort ? 1_000 : 5_000,
    memorySockets: isShort ? 5_000 : 10_000,
    wren: values.wren,
    writesDocs: values['write-docs'],
    reusesResults: values.reuse,
    checks: values.check,
  };
}

function choose<T extends string>(
  name: string,
  text: string | undefined,
  all: readonly T[],
): readonly T[] {
  const wanted = text?.split(',') ?? all;
  const unknown = wanted.filter((choice) => !(all as readonly string[]).includes(choice));
  if (unknown.length > 0) {
    throw new Error(`--${name} ${unknown.join(',')}: choose from ${all.join(', ')}`);
  }
  return all.filter((choice) => wanted.includes(choice));
}

function positive(name: string, text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (!(value > 0)) throw new Error(`--${name} ${text}: a number above 0`);
  return value;
}
