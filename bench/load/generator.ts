import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { compiled } from '../paths.js';
import { startChild } from '../servers/child-processes.js';
import type { Job, JobResults } from './job.js';

type Answer = { readonly result: unknown } | { readonly error: string };

/** The load generator: a process of its own, on a core of its own. */
export class Generator {
  private readonly child: ChildProcess;
  private readonly ended: Promise<Answer>;

  constructor(core: number | undefined) {
    const command = [process.execPath, join(compiled, 'load/generator-process.js')];
    this.child = startChild(command, core, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.ended = once(this.child, 'exit').then(() => ({ error: 'The load generator has ended' }));
  }

  /** Does one job; they do not overlap. */
  async run<K extends Job['kind']>(job: Extract<Job, { kind: K }>): Promise<JobResults[K]> {
    const answered = once(this.child, 'message').then(([answer]) => answer as Answer);
    this.child.send(job);
    const answer = await Promise.race([answered, this.ended]);
    if ('error' in answer) throw new Error(answer.error);
    return answer.result as JobResults[K];
  }

  async stop(): Promise<void> {
    this.child.kill();
    await this.ended;
  }
}
