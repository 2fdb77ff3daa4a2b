/** Of several rounds. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @returns undefined if there is nothing to summarize */
export function summarize(values: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median =
    sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted.at(-1)! };
}

/** One value for each round; none where the measurement failed: null, once it was in a file. */
export type Rounds = readonly (number | undefined | null)[];

export function valuesOf(rounds: Rounds = []): number[] {
  return rounds.filter((value) => typeof value === 'number');
}

/** Ratios within a round: what slows the machine for a while slows both. */
export function ratios(numerators: Rounds = [], denominators: Rounds = []): number[] {
  return valuesOf(
    numerators.map((value, round) => {
      const denominator = denominators[round];
      return value && denominator ? value / denominator : undefined;
    }),
  );
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
