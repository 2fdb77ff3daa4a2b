import type { Encoding, Transport } from '../load/job.js';

/** What is started as a process; it prints the origin that it listens on. */
export interface Server {
  readonly id: string;
  readonly title: string;

  /**
   * Installs or builds what it takes.
   *
   * @throws Error saying why it cannot be had here
   */
  prepare(): Promise<void>;

  /** Program and arguments. */
  command(): readonly string[];

  readonly env?: Readonly<Record<string, string>>;

  /** Whether it can be made to collect its garbage by SIGUSR2. */
  readonly collectsGarbage: boolean;
}

/** A server and how it is used: one column of the tables. */
export interface Subject {
  readonly id: string;
  readonly title: string;
  readonly server: Server;
  readonly transport: Transport;
  readonly encoding: Encoding;
  readonly path: string;
}
