import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tlsSettings } from './certificates.js';
import { within } from './deadline.js';
import { forget, track } from './leftovers.js';
import { type LogLine, ServiceOutput } from './service-output.js';
import { isTls, type Target, type TransportName } from './transports.js';

/** Environment variables for the service; nothing else of this process's environment gets in. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** How the process ended. */
export interface ServiceExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const LISTENING = /https?:\/\/127\.0\.0\.1:(\d+)/;
const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 15_000;

/** The service as a user starts it: `dist/main.js` in a process of its own. */
export class Service {
  constructor(
    readonly port: number,
    private readonly process: ServiceProcess,
  ) {}

  get pid(): number | undefined {
    return this.process.child.pid;
  }

  /** The lines of the log so far; what is no JSON is only in `stdout` and `stderr`. */
  get log(): readonly LogLine[] {
    return this.process.output.log;
  }

  get stdout(): string {
    return this.process.output.stdout;
  }

  get stderr(): string {
    return this.process.output.stderr;
  }

  targetFor(transport: TransportName): Target {
    return { transport, port: this.port };
  }

  /** The first line of the log, written already or not, that `matches`. */
  waitForLog(matches: (line: LogLine) => boolean, what: string, ms?: number): Promise<LogLine> {
    return this.process.output.waitFor(() => this.log.find(matches), `log line: ${what}`, ms);
  }

  /** Sends a signal and waits for nothing. */
  kill(signal: NodeJS.Signals): void {
    this.process.child.kill(signal);
  }

  /** The end of the process, whoever brought it about. */
  exit(ms?: number): Promise<ServiceExit> {
    return within(this.process.exited, 'the service to exit', ms);
  }

  /** Sends `signal` and waits for the exit, which takes `ms`; kills it at the deadline. */
  async stop(
    signal: NodeJS.Signals = 'SIGTERM',
    deadlineMs = STOP_DEADLINE_MS,
  ): Promise<ServiceExit & { readonly ms: number }> {
    const begin = performance.now();
    this.kill(signal);
    try {
      const exit = await this.exit(deadlineMs);
      return { ...exit, ms: performance.now() - begin };
    } catch (error) {
      this.kill('SIGKILL');
      throw error;
    }
  }
}

/**
 * Starts the service on a free port and waits until it listens.
 *
 * @param main another build of the service
 */
export async function startService(settings: Settings = {}, main = MAIN): Promise<Service> {
  const started = spawnService(settings, main);
  const { child, output } = started;
  try {
    const port = await output.waitFor(
      () => LISTENING.exec(output.stdout)?.[1],
      'line that says where the service listens',
      START_DEADLINE_MS,
    );
    return new Service(Number(port), started);
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`${String(error)}; its output:\n${output.stdout}${output.stderr}`, {
      cause: error,
    });
  }
}

/** A plain and a TLS service with the same settings: together they serve all transports. */
export class ServicePair {
  constructor(
    readonly plain: Service,
    readonly tls: Service,
  ) {}

  serviceFor(transport: TransportName): Service {
    return isTls(transport) ? this.tls : this.plain;
  }

  targetFor(transport: TransportName): Target {
    return this.serviceFor(transport).targetFor(transport);
  }

  async stop(): Promise<void> {
    await Promise.all([this.plain.stop(), this.tls.stop()]);
  }
}

/** Starts a plain and a TLS service. */
export async function startPair(settings: Settings = {}): Promise<ServicePair> {
  const tls = { ...settings, ...(await tlsSettings()) };
  return new ServicePair(...(await Promise.all([startService(settings), startService(tls)])));
}

/** Runs the service with settings that it refuses, to its end. */
export async function runUntilExit(
  settings: Settings,
  ms = START_DEADLINE_MS,
): Promise<ServiceExit & { readonly stdout: string; readonly stderr: string }> {
  const { child, output, exited } = spawnService(settings, MAIN);
  try {
    const exit = await within(exited, 'the service to refuse its settings', ms);
    return { ...exit, stdout: output.stdout, stderr: output.stderr };
  } finally {
    child.kill('SIGKILL');
  }
}

interface ServiceProcess {
  readonly child: ChildProcess;
  readonly output: ServiceOutput;
  /** After the last byte of output. */
  readonly exited: Promise<ServiceExit>;
}

function spawnService(settings: Settings, main: string): ServiceProcess {
  if (!existsSync(main)) throw new Error(`${main} is missing: npm run build makes it`);
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_FORMAT: 'json',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  track(child, () => child.kill('SIGKILL'));
  const output = new ServiceOutput(child.stdout, child.stderr);
  const exited = new Promise<ServiceExit>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      forget(child);
      output.end(new Error(`the service ended (code ${code}, signal ${signal})`));
      resolve({ code, signal });
    });
  });
  return { child, output, exited };
}
