import { connect, type ConnectOptions, openSession, type RawSocket } from '../support/raw-client.js';
import { isHttp2, type Target } from '../support/transports.js';
import type { ConformanceCase } from './case.js';
import { type Assemble, runCase } from './run-case.js';

const PATH = '/ws';
const CASES_AT_ONCE = 16;
/** A case that waits for ever would otherwise be found by Jest's own, nameless timeout. */
const TEST_TIMEOUT_MS = 90_000;

/** What a case needs beside a plain socket. */
export interface SocketSetup {
  readonly options?: ConnectOptions;
  /** Called for every socket, as soon as it is open. */
  readonly assemblerFor?: (socket: RawSocket) => Assemble;
}

/**
 * Declares one test for each case. The cases run many at a time against one service; on HTTP/2
 * they all share one connection, which thereby has to outlive every mistake made on its streams.
 */
export function testCases<T extends ConformanceCase>(
  cases: readonly T[],
  target: () => Target,
  setupFor: (testCase: T) => SocketSetup = () => ({}),
): void {
  let outcomes: ReadonlyMap<T, Promise<void>>;
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(target());
    outcomes = startAll(cases, (testCase) => bench.run(testCase, setupFor(testCase)));
  });
  afterAll(() => bench.close());

  it.each(cases.map((testCase) => [testCase.id, testCase.name, testCase] as const))(
    '%s %s',
    async (_id, _name, testCase) => {
      await outcomes.get(testCase);
    },
    TEST_TIMEOUT_MS,
  );
}

/** All at once, but never more than so many; a test that waits for its outcome reports it. */
function startAll<T>(items: readonly T[], run: (item: T) => Promise<void>): Map<T, Promise<void>> {
  const outcomes = new Map<T, Promise<void>>();
  const lanes = Array.from({ length: CASES_AT_ONCE }, () => Promise.resolve());
  const settled = new Map<T, PromiseWithHandlers>();
  for (const item of items) {
    const deferred = defer();
    settled.set(item, deferred);
    outcomes.set(item, deferred.promise);
  }
  const waiting = items[Symbol.iterator]();
  for (const lane of lanes) {
    void lane.then(async () => {
      for (const item of waiting) await run(item).then(...settled.get(item)!.handlers);
    });
  }
  return outcomes;
}

interface PromiseWithHandlers {
  readonly promise: Promise<void>;
  readonly handlers: [() => void, (error: unknown) => void];
}

function defer(): PromiseWithHandlers {
  let handlers!: PromiseWithHandlers['handlers'];
  const promise = new Promise<void>((resolve, reject) => (handlers = [resolve, reject]));
  // A failure before its test looks at it is no unhandled rejection.
  promise.catch(() => undefined);
  return { promise, handlers };
}

interface Bench {
  run(testCase: ConformanceCase, setup: SocketSetup): Promise<void>;
  close(): void;
}

async function openBench(target: Target): Promise<Bench> {
  const session = isHttp2(target.transport) ? await openSession(target) : undefined;
  const open = (options?: ConnectOptions): Promise<RawSocket> =>
    session ? session.connect(PATH, options) : connect(target, PATH, options);
  const marker = await open();
  // The answer on another socket shows that what was written before has been read.
  const synchronize = (): Promise<unknown> => {
    marker.sendFrame({ opcode: 0x9 });
    return marker.nextPong();
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
