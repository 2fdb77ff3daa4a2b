import type { Machine } from '../machine.js';
import type { Section } from '../measure/section.js';

/** All that a run has found; what bench/results/latest.json holds. */
export interface Report {
  readonly date: string;
  readonly machine: Machine;
  readonly rounds: number;
  readonly seconds: number;
  readonly subjects: readonly { readonly id: string; readonly title: string }[];
  readonly notRun: readonly { readonly title: string; readonly reason: string }[];
  readonly failures: readonly string[];
  readonly sections: readonly Section[];
}
