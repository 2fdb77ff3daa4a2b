import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { DEFAULT_DEADLINE_MS, DeadlineExceeded } from './deadline.js';

/** One line of the JSON log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** What a process wrote, line by line, and waits for what it will write. */
export class ServiceOutput {
  readonly log: LogLine[] = [];
  stdout = '';
  stderr = '';
  readonly #observers = new Set<() => void>();
  #end: Error | undefined;

  constructor(stdout: Readable, stderr: Readable) {
    createInterface(stdout).on('line', (line) => {
      this.stdout += `${line}\n`;
      this.#read(line);
    });
    createInterface(stderr).on('line', (line) => {
      this.stderr += `${line}\n`;
      this.#read(line);
    });
  }

  /** No line will come any more, and `reason` tells those who wait for one. */
  end(reason: Error): void {
    this.#end = reason;
    this.#notify();
  }

  /** What `find` finds, now or after a later line. */
  waitFor<T>(find: () => T | undefined, what: string, ms = DEFAULT_DEADLINE_MS): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find();
        const end = this.#end;
        if (found !== undefined) settle(() => resolve(found));
        else if (end) settle(() => reject(new Error(`no ${what}: ${end.message}`)));
      };
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        this.#observers.delete(look);
        act();
      };
      const giveUp = (): void => reject(new DeadlineExceeded(what, ms));
      const timer = setTimeout(() => settle(giveUp), ms);
      this.#observers.add(look);
      look();
    });
  }

  #read(line: string): void {
    const parsed = parseLogLine(line);
    if (parsed) this.log.push(parsed);
    this.#notify();
  }

  #notify(): void {
    for (const look of this.#observers) look();
  }
}

function parseLogLine(line: string): LogLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
