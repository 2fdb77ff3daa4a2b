import type { Encoding, Transport } from '../load/job.js';

/**
 * What is started as a process. It prints the origin that it listens on, and collects its garbage
 * on SIGUSR2: `peers/collect-garbage` does for one that runs on Node.
 */
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
