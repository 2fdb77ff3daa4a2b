import { join } from 'node:path';

/** The repository; this file runs from bench/.build/bench. */
export const repository = join(import.meta.dirname, '../../..');

export const bench = join(repository, 'bench');

/** Compiled TypeScript of this folder. */
export const compiled = import.meta.dirname;

/** What is installed and built of others; ignored by git. */
export const installed = join(bench, '.peers');

export const results = join(bench, 'results');
export const documentation = join(repository, 'docs');
