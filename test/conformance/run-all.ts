import {
  connect,
  type ConnectOptions,
  openSession,
  type RawSocket,
} from '../support/raw-client.js';
import { isHttp2, type Target } from '../support/transports.js';
import type { ConformanceCase } from './case.js';
import { type Assemble, runCase } from './run-case.js';

/** A case that waits for ever would otherwise be found by Jest's own, nameless timeout. */
const TEST_TIMEOUT_MS = 90_000;

/** What a case needs beside a plain socket. */
export interface SocketSetup {
  readonly options?: ConnectOptions;
  /** Called for every socket, as soon as it is open. */
  readonly assemblerFor?: (socket: RawSocket) => Assemble;
}

export interface RunOptions<T> {
  readonly setupFor?: (testCase: T) => SocketSetup;
  /** Default: 16. */
  readonly casesAtOnce?: number;
  /** What echoes; default: the gateway. */
  readonly path?: string;
}

/**
 * Declares one test for each case. The cases run many at a time against one service; on HTTP/2
 * they all share one connection, which thereby has to outlive every mistake made on its streams.
 */
export function testCases<T extends ConformanceCase>(
  cases: readonly T[],
  target: () => Target,
  { setupFor = () => ({}), casesAtOnce = 16, path = '/ws' }: RunOptions<T> = {},
): void {
  let outcomes: ReadonlyMap<T, Promise<void>>;
  let bench: Bench | undefined;
  beforeAll(async () => {
    const opened = (bench = await openBench(target(), path));
    outcomes = startAll(cases, casesAtOnce, (testCase) => opened.run(testCase, setupFor(testCase)));
  });
  afterAll(() => bench?.close());

  it.each(cases.map((testCase) => [testCase.id, testCase.name, testCase] as const))(
    '%s %s',
    async (_id, _name, testCase) => {
      await outcomes.get(testCase);
    },
    TEST_TIMEOUT_MS,
  );
}

/** Starts them all, no more than so many at once; the test that waits for an outcome reports it. */
function startAll<T>(
  items: readonly T[],
  max: number,
  run: (item: T) => Promise<void>,
): Map<T, Promise<void>> {
  const limited = limit(max);
  return new Map(
    items.map((item) => {
      const outcome = limited(() => run(item));
      // A failure before its test looks at it is no unhandled rejection.
      outcome.catch(() => undefined);
      return [item, outcome];
    }),
  );
}

/** Runs what it is given, at most `max` at a time, in order. */
function limit(max: number): (run: () => Promise<void>) => Promise<void> {
  const waiting: (() => void)[] = [];
  let free = max;
  return async (run) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}

interface Bench {
  run(testCase: ConformanceCase, setup: SocketSetup): Promise<void>;
  close(): void;
}

async function openBench(target: Target, path: string): Promise<Bench> {
  const session = isHttp2(target.transport) ? await openSession(target) : undefined;
  const open = (options?: ConnectOptions): Promise<RawSocket> =>
    session ? session.connect(path, options) : connect(target, path, options);
  const marker = await open();
  // The answer on another socket shows that what was written before has been read.
  const synchronize = (): Promise<unknown> => {
    marker.send('');
    return marker.nextMessage();
  };
  return {
    async run(testCase, { options, assemblerFor }) {
      const socket = await open(options);
      try {
        await runCase(socket, testCase, { synchronize, assemble: assemblerFor?.(socket) });
      } finally {
        socket.destroy();
      }
    },
    close() {
      marker.destroy();
      session?.destroy();
    },
  };
}
