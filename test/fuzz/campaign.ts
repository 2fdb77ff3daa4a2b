import { isDeepStrictEqual } from 'node:util';
import type { Target } from '../support/transports.js';
import { type Rules, wrenRules, wsRules } from './differences.js';
import { chunksOf, type FuzzCase, fuzzCase } from './fuzz-case.js';
import { Observer } from './observe.js';
import type { Outcome } from './outcome.js';
import { expectedOutcome } from './reader-model.js';

/** One server did something else than it has to. */
export interface Deviation {
  readonly server: string;
  readonly expected: Outcome;
  readonly actual: Outcome | string;
}

/** A case in which a server deviated, as small as it could be made. */
export interface Failure {
  readonly fuzzCase: FuzzCase;
  readonly deviation: Deviation;
}

export interface CampaignOptions {
  readonly seed: number;
  /** Wren on each transport that is wanted. */
  readonly wren: readonly Target[];
  /** The `ws` server; without it, Wren is held against the rules alone. */
  readonly ws?: Target;
  readonly patienceMs?: number;
}

const CASES_AT_ONCE = 12;
const PATIENCE_MS = 20_000;
const MAX_SHRINKS = 200;

interface Contestant {
  readonly server: string;
  readonly rules: Rules;
  readonly observer: Observer;
  /** What to write; undefined: this case is none for this server. */
  readonly chunksOf: (fuzz: FuzzCase) => readonly Buffer[] | undefined;
}

/** A socket's read is larger than that, so that the stream arrives in one piece. */
const ONE_READ = 32 * 1024;

/**
 * The stream in one write. `ws` 8.22 has a bug that makes its outcome depend on timing: if a chunk
 * waits while a compressed message is inflated, it goes on reading after the mistake behind it.
 */
function inOneRead({ pieces, compression }: FuzzCase): readonly Buffer[] | undefined {
  const stream = Buffer.concat(pieces);
  return compression === 'none' || stream.length <= ONE_READ ? [stream] : undefined;
}

/** Sends the cases of a seed to all servers. */
export class Campaign {
  readonly #contestants: readonly Contestant[];

  constructor(private readonly options: CampaignOptions) {
    const { wren, ws, patienceMs = PATIENCE_MS } = options;
    this.#contestants = wren.map((target) => ({
      server: `Wren over ${target.transport}`,
      rules: wrenRules,
      observer: new Observer(target, patienceMs),
      chunksOf,
    }));
    if (ws === undefined) return;
    const observer = new Observer(ws, patienceMs);
    const contestant = { server: 'ws', rules: wsRules, observer, chunksOf: inOneRead };
    this.#contestants = [...this.#contestants, contestant];
  }

  /**
   * Runs cases one after the other, many at a time, until `next` gives no more or one fails.
   *
   * @param next the index of the next case
   */
  async run(next: () => number | undefined): Promise<Failure | undefined> {
    let failure: Failure | undefined;
    const work = async (): Promise<void> => {
      for (let index = next(); index !== undefined && !failure; index = next()) {
        const fuzz = fuzzCase(this.options.seed, index);
        const deviation = await this.#try(fuzz);
        if (deviation) failure ??= { fuzzCase: fuzz, deviation };
      }
    };
    await Promise.all(Array.from({ length: CASES_AT_ONCE }, work));
    return failure && this.#shrink(failure);
  }

  close(): void {
    for (const { observer } of this.#contestants) observer.close();
  }

  async #try(fuzz: FuzzCase): Promise<Deviation | undefined> {
    const stream = Buffer.concat(fuzz.pieces);
    const deviations = await Promise.all(
      this.#contestants.map(async ({ server, rules, observer, chunksOf }) => {
        const chunks = chunksOf(fuzz);
        if (chunks === undefined) return undefined;
        const expected = expectedOutcome(stream, fuzz.compression, rules);
        const observed = observer.observe(chunks, fuzz.compression, expected);
        const actual = await observed.catch(String);
        return isDeepStrictEqual(actual, expected) ? undefined : { server, expected, actual };
      }),
    );
    return deviations.find((deviation) => deviation !== undefined);
  }

  /** Leaves out pieces, and then cuts, for as long as it still fails. */
  async #shrink(failure: Failure): Promise<Failure> {
    let smallest = failure;
    let budget = MAX_SHRINKS;
    for (const part of ['pieces', 'cuts'] as const) {
      for (let at = 0; at < smallest.fuzzCase[part].length && budget > 0; budget--) {
        const fuzz = { ...smallest.fuzzCase, [part]: smallest.fuzzCase[part].toSpliced(at, 1) };
        const deviation = fuzz.pieces.length > 0 ? await this.#try(fuzz) : undefined;
        if (deviation) smallest = { fuzzCase: fuzz, deviation };
        else at++;
      }
    }
    return smallest;
  }
}

/** For a person who wants to see it again. */
export function describeFailure({ fuzzCase, deviation }: Failure): string {
  const { seed, index, compression } = fuzzCase;
  const shown = (outcome: Outcome | string): string => JSON.stringify(outcome, undefined, 1);
  return [
    `${deviation.server} deviates in case ${index} of --seed ${seed} (compression: ${compression})`,
    ...chunksOf(fuzzCase).map((chunk) => `  write ${chunk.toString('hex')}`),
    `expected ${shown(deviation.expected)}`,
    `but got ${shown(deviation.actual)}`,
  ].join('\n');
}
