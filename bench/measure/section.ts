import type { Rounds } from './statistics.js';

/** Values by row and subject, one for each round. */
export type Grid = Readonly<Record<string, Readonly<Record<string, Rounds>>>>;

export interface Row {
  readonly id: string;
  readonly title: string;
}

/** One table of the report: a quantity, measured for several subjects in several situations. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** What the figures are, in a sentence. */
  readonly explanation: string;
  /** Digits after the point. */
  readonly digits: number;
  readonly rows: readonly Row[];
  readonly grid: Grid;
}

/** Gathers the values of a section. */
export class GridBuilder {
  readonly grid: Record<string, Record<string, (number | undefined)[]>> = {};

  set(row: string, subject: string, round: number, value: number | undefined): void {
    const values = (this.grid[row] ??= {});
    (values[subject] ??= [])[round] = value;
  }
}
