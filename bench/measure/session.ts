import { setTimeout as sleep } from 'node:timers/promises';
import { Generator } from '../load/generator.js';
import type { Target, Throughput, Traffic } from '../load/job.js';
import type { Cores } from '../servers/cores.js';
import { RunningServer, type StartOptions } from '../servers/running-server.js';
import type { Server, Subject } from '../servers/server.js';

/** Between two jobs, so that a server is done with the connections of the last one. */
const PAUSE_MS = 30;

/** How long and how often is measured. */
export interface Effort {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

/** What all measurements need: subjects that can be had, a generator, and how to start servers. */
export class Session {
  readonly generator: Generator;

  constructor(
    readonly subjects: readonly Subject[],
    readonly cores: Cores | undefined,
    readonly effort: Effort,
  ) {
    this.generator = new Generator(cores?.generator);
  }

  /** Those of the subjects that take part, in the order of `ids`. */
  select(ids: readonly string[]): Subject[] {
    return ids.flatMap((id) => this.subjects.filter((subject) => subject.id === id));
  }

  start(server: Server, options?: Omit<StartOptions, 'core'>): Promise<RunningServer> {
    return RunningServer.start(server, { ...options, core: this.cores?.server });
  }

  async throughput(target: Target, traffic: Traffic): Promise<Throughput> {
    const { seconds, warmUpSeconds } = this.effort;
    const { payloadBytes, connections, inFlight } = traffic;
    const result = await this.generator.run({
      kind: 'closed-loop',
      ...target,
      payloadBytes,
      connections,
      inFlight,
      seconds,
      warmUpSeconds,
    });
    await sleep(PAUSE_MS);
    return result;
  }

  stop(): Promise<void> {
    return this.generator.stop();
  }
}

export function targetOf(
  { transport, encoding, path }: Subject,
  { port, pid }: RunningServer,
): Target {
  return { transport, encoding, path, port, pid };
}
