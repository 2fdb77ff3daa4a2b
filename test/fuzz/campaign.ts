import { isDeepStrictEqual } from 'node:util';
import type { Target } from '../support/transports.js';
import { wrenRules, wsRules } from './differences.js';
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

/** Sends the cases of a seed to all servers. */
export class Campaign {
  readonly #observers: readonly { server: string; rules: typeof wrenRules; observer: Observer }[];

  constructor(private readonly options: CampaignOptions) {
    const { wren, ws, patienceMs = PATIENCE_MS } = options;
    this.#observers = [
      ...wren.map((target) => ({ server: `Wren over ${target.transport}`, rules: wrenRules, target })),
      ...(ws ? [{ server: 'ws', rules: wsRules, target: ws }] : []),
    ].map(({ server, rules, target }) => ({
      server,
      rules,
      observer: new Observer(target, patienceMs),
    }));
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
    for (const { observer } of this.#observers) observer.close();
  }

  async #try(fuzz: FuzzCase): Promise<Deviation | undefined> {
    const stream = Buffer.concat(fuzz.pieces);
    const deviations = await Promise.all(
      this.#observers.map(async ({ server, rules, observer }) => {
        const expected = expectedOutcome(stream, fuzz.compression, rules);
        const actual = await observer
          .observe(chunksOf(fuzz), fuzz.compression, expected)
          .catch(String);
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
