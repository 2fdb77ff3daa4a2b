import { setImmediate } from 'node:timers/promises';
import { connect, openSession, type RawSession, type RawSocket } from '../support/raw-client.js';
import { isHttp2, type Target } from '../support/transports.js';
import type { Compression } from './fuzz-case.js';
import { describeBytes, describeMessage, type Outcome } from './outcome.js';

/** The service did not answer what it has to answer, or did not end. */
export class Hang extends Error {
  override readonly name = 'Hang';
}

const OFFERS: Readonly<Record<Compression, readonly string[] | undefined>> = {
  none: undefined,
  takeover: ['permessage-deflate'],
  'no takeover': ['permessage-deflate; client_no_context_takeover'],
};

/** Sends streams to one server; on HTTP/2, all of them on one connection. */
export class Observer {
  #session: Promise<RawSession> | undefined;

  /** @param patienceMs how long to wait for anything */
  constructor(
    readonly target: Target,
    private readonly patienceMs: number,
  ) {}

  /**
   * What comes back.
   *
   * @param expected how much to wait for, before this side is ended
   */
  async observe(
    chunks: readonly Buffer[],
    compression: Compression,
    expected: Outcome,
  ): Promise<Outcome> {
    const socket = await this.#open(compression);
    const collected = new Collected(socket, this.patienceMs);
    try {
      await send(socket, chunks);
      await collected.until(expected);
      if (socket.wire.stream.writable) socket.halfClose();
      return await collected.all();
    } finally {
      socket.destroy();
    }
  }

  close(): void {
    void this.#session?.then((session) => session.destroy());
  }

  async #open(compression: Compression): Promise<RawSocket> {
    const options = { extensions: OFFERS[compression], timeoutMs: this.patienceMs };
    if (!isHttp2(this.target.transport)) return connect(this.target, '/ws', options);
    const session = await (this.#session ??= openSession(this.target));
    return session.connect('/ws', options);
  }
}

/** Every chunk in a write of its own; what the server no longer takes is no mistake. */
async function send(socket: RawSocket, chunks: readonly Buffer[]): Promise<void> {
  for (const chunk of chunks) {
    if (!socket.wire.stream.writable) return;
    socket.sendBytes(chunk);
    await setImmediate();
  }
}

/** Messages, Pongs and the Close frame of one socket as they come. */
class Collected {
  readonly #messages: string[] = [];
  readonly #ended: Promise<void>;
  #isEnded = false;
  #notify: () => void = () => undefined;

  constructor(
    private readonly socket: RawSocket,
    private readonly patienceMs: number,
  ) {
    this.#ended = this.#collect();
    socket.wire.stream.on('data', () => this.#notify());
  }

  /** As many answers have come, or a Close frame, or the end. */
  async until({ messages, pongs, close }: Outcome): Promise<void> {
    const isComplete = (): boolean =>
      this.#isEnded ||
      (close === 'none' &&
        this.#messages.length >= messages.length &&
        this.socket.pongs.length >= pongs.length);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<'over'>((resolve) => {
      timer = setTimeout(resolve, this.patienceMs, 'over');
    });
    while (!isComplete()) {
      const change = new Promise<void>((resolve) => (this.#notify = resolve));
      if ((await Promise.race([change, patience])) === 'over') {
        throw new Hang(
          `after ${this.patienceMs} ms there was only ${JSON.stringify(this.#now('none'))}`,
        );
      }
      // What has just come is put together by others.
      await setImmediate();
    }
    clearTimeout(timer);
  }

  async all(): Promise<Outcome> {
    await this.socket.ended(this.patienceMs);
    await this.#ended;
    const close = await this.socket.closeFrame().then(
      ({ code }) => code ?? 'empty',
      () => 'none' as const,
    );
    return this.#now(close);
  }

  #now(close: Outcome['close']): Outcome {
    return { messages: this.#messages, pongs: this.socket.pongs.map(describeBytes), close };
  }

  /** A Close frame ends the messages, and so does the end of the socket. */
  async #collect(): Promise<void> {
    try {
      for (;;) {
        const { data, isBinary } = await this.socket.nextMessage(2 * this.patienceMs);
        this.#messages.push(describeMessage(data, isBinary));
      }
    } catch {
      this.#isEnded = true;
      this.#notify();
    }
  }
}
