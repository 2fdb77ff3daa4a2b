import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { deferred } from '../load/deferred.js';
import { residentBytesOf } from '../load/server-usage.js';
import { bench } from '../paths.js';
import { startChild } from './child-processes.js';
import type { Server } from './server.js';

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 3_000;
const KEPT_OUTPUT = 4_000;

/** How long a collection that a signal asked for may take until memory is read. */
const COLLECTION_MS = 500;

export interface StartOptions {
  readonly core: number | undefined;
  /** For a server that runs on Node. */
  readonly nodeOptions?: readonly string[];
}

/** A server that listens. */
export class RunningServer {
  private constructor(
    readonly server: Server,
    readonly port: number,
    private readonly child: ChildProcess,
  ) {}

  get pid(): number {
    return this.child.pid!;
  }

  /** @throws Error if it does not say where it listens */
  static async start(server: Server, options: StartOptions): Promise<RunningServer> {
    const child = startChild(commandOf(server, options), options.core, {
      cwd: bench,
      env: { ...inheritedEnv(), NODE_ENV: 'production', ...server.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new RunningServer(server, await listeningPort(child, server.title), child);
  }

  /** Resident memory in bytes, after SIGUSR2, at which the server has to collect its garbage. */
  async residentBytes(): Promise<number> {
    for (let collection = 0; collection < 2; collection++) {
      this.child.kill('SIGUSR2');
      await sleep(COLLECTION_MS);
    }
    return residentBytesOf(this.pid);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    const killer = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    this.child.kill('SIGTERM');
    await exited;
    clearTimeout(killer);
  }
}

/** What the caller's shell says about the service or about Node must not change a figure. */
function inheritedEnv(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'DOTNET_ROOT', 'SystemRoot'];
  return Object.fromEntries(
    names.filter((name) => name in process.env).map((name) => [name, process.env[name]]),
  );
}

function commandOf(server: Server, { nodeOptions = [] }: StartOptions): readonly string[] {
  const [program, ...args] = server.command();
  return program === process.execPath ? [program, ...nodeOptions, ...args] : [program, ...args];
}

async function listeningPort(child: ChildProcess, title: string): Promise<number> {
  let output = '';
  const { promise, reject, resolve } = deferred<number>();
  const fail = (why: string): void => {
    reject(new Error(`${title} ${why}: ${output.trim().split('\n').at(-1)}`));
  };
  const timer = setTimeout(() => fail('does not start'), START_TIMEOUT_MS);
  const read = (text: Buffer): void => {
    output = (output + text.toString()).slice(-KEPT_OUTPUT);
    const match = /listening on http:\/\/127\.0\.0\.1:(\d+)/i.exec(output);
    if (match !== null) resolve(Number(match[1]));
  };
  const streams = [child.stdout!, child.stderr!];
  for (const stream of streams) stream.on('data', read);
  child.once('error', (error) => fail(error.message));
  child.once('exit', () => fail('has ended'));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    // What it says from now on is nobody's, and yet must not fill the pipe.
    for (const stream of streams) stream.off('data', read).resume();
  }
}
