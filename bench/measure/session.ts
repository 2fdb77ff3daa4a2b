import { setTimeout as sleep } from 'node:timers/promises';
import { Generator } from '../load/generator.js';
import type { Compression, Target, Throughput, Traffic } from '../load/job.js';
import type { Cores } from '../servers/cores.js';
import { RunningServer, type StartOptions } from '../servers/running-server.js';
import type { Server, Subject } from '../servers/server.js';
import { Progress } from './progress.js';

/** Between two jobs, so that a server is done with the connections of the last one. */
const PAUSE_MS = 30;

/** How long and how often is measured. */
export interface Effort {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** Sockets that are open beside the busy ones. */
  readonly idleSockets: number;
  /** Sockets whose memory is measured. */
  readonly memorySockets: number;
}

/** What all measurements need: subjects that can be had, load generators, servers. */
export class Session {
  readonly progress = new Progress();
  readonly generator: Generator;

  constructor(
    readonly subjects: readonly Subject[],
    readonly cores: Cores | undefined,
    readonly effort: Effort,
  ) {
    this.generator = this.startGenerator();
  }

  /** Those of the subjects that take part, in the order of `ids`. */
  select(ids: readonly string[]): Subject[] {
    return ids.flatMap((id) => this.subjects.filter((subject) => subject.id === id));
  }

  startGenerator(): Generator {
    return new Generator(this.cores?.generator);
  }

  startServer(server: Server, options?: Omit<StartOptions, 'core'>): Promise<RunningServer> {
    return RunningServer.start(server, { ...options, core: this.cores?.server });
  }

  /** Calls `use` with one process for each server, however many of the subjects use it. */
  async withServers(
    subjects: readonly Subject[],
    use: (targetOf: (subject: Subject) => Target) => Promise<void>,
    options?: Omit<StartOptions, 'core'>,
  ): Promise<void> {
    const servers = new Map<string, RunningServer>();
    try {
      for (const { server } of subjects) {
        if (!servers.has(server.id))
          servers.set(server.id, await this.startServer(server, options));
      }
      await use((subject) => targetOf(subject, servers.get(subject.server.id)!));
    } finally {
      await Promise.all([...servers.values()].map((server) => server.stop()));
    }
  }

  async throughput(
    target: Target,
    { payloadBytes, connections, inFlight }: Traffic,
    compression?: Compression,
  ): Promise<Throughput> {
    const { seconds, warmUpSeconds } = this.effort;
    const result = await this.generator.run({
      kind: 'closed-loop',
      ...target,
      payloadBytes,
      connections,
      inFlight,
      compression,
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

/** @returns undefined if nothing came back: there is no rate to speak of */
export function perCpuSecond({ count, serverCpuSeconds }: Throughput): number | undefined {
  return count > 0 && serverCpuSeconds > 0 ? count / serverCpuSeconds : undefined;
}

/** So that nobody has the same neighbours, or the beginning, in each round. */
export function rotate<T>(items: readonly T[], by: number): T[] {
  const start = by % Math.max(items.length, 1);
  return [...items.slice(start), ...items.slice(0, start)];
}
