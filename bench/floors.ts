/** Two subjects of the throughput table, and what the first has to reach of the second. */
export interface Comparison {
  readonly title: string;
  readonly numerator: string;
  readonly denominator: string;
  /** By cell; a comparison without floors is for information. */
  readonly floors: Readonly<Record<string, number>>;
}

/** A limit in one of the other tables. */
export interface Limit {
  readonly title: string;
  readonly section: string;
  readonly row: string;
  readonly numerator: string;
  /** Without one, the value itself is limited. */
  readonly denominator?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Left out of `bench:check`: the machine decides more than the server does. */
  readonly isNoisy?: boolean;
}

/**
 * How far below its floor the median of a few short rounds may be. The ratio of two servers in one
 * round varies by 10 to 15 % on a shared machine (quartiles of the same two, measured again and
 * again), the median of five rounds by about half of that. A ratio that is too low in a first
 * measurement is measured again, with twice the rounds, and counts only if it is too low again.
 */
export const TOLERANCE = 0.1;

export const comparisons: readonly Comparison[] = [
  versus('Wren ÷ ws', 'wren', 'ws', [1.1, 1.1, 8, 8, 7, 1.1, 1.1]),
  versus('Wren ÷ Nest WsAdapter', 'wren', 'nest-stock', [1.8, 1.8, 15, 15, 13, 5, 8]),
  versus('Wren ÷ uWebSockets.js', 'wren', 'uwebsockets', [0.6, 0.6, 1.3, 1.3, 1, 0.6, 0.7]),
  versus('Event lane ÷ Nest WsAdapter', 'wren-events', 'nest-stock', [1.5, 1.5, 5, 5, 3.5, 1.1, 1]),
  versus('Wren over HTTP/2 ÷ ws', 'wren-h2', 'ws', [2.5, 2.5, 8, 8, 3.5, 0.45, 0.8]),
  versus('Wren ÷ Bun', 'wren', 'bun'),
  versus('Wren ÷ gorilla/websocket', 'wren', 'gorilla'),
  versus('Wren ÷ Kestrel', 'wren', 'kestrel'),
  versus('Wren ÷ @fastify/websocket', 'wren', 'fastify-websocket'),
  versus('Event lane ÷ Nest Socket.IO', 'wren-events', 'nest-socket-io'),
  versus('Wren ÷ TCP echo', 'wren', 'tcp-echo'),
];

export const limits: readonly Limit[] = [
  {
    title: 'Memory of a socket, Wren ÷ ws',
    section: 'memory',
    row: 'idle',
    numerator: 'wren',
    denominator: 'ws',
    atMost: 1,
  },
  {
    title: 'Memory of a socket over HTTP/2, KiB',
    section: 'memory',
    row: 'idle',
    numerator: 'wren-h2',
    atMost: 12,
  },
  {
    title: 'Handshakes, Wren ÷ ws',
    section: 'handshakes',
    row: 'handshakes',
    numerator: 'wren',
    denominator: 'ws',
    atLeast: 0.7,
  },
  {
    title: 'p99 latency, Wren ÷ ws',
    section: 'latency',
    row: 'p99',
    numerator: 'wren',
    denominator: 'ws',
    atMost: 1,
    isNoisy: true,
  },
  ...['wren', 'wren-h2'].flatMap((subject) =>
    ['125B-p1', '125B-p16'].map((row) => ({
      title: `With idle sockets ÷ without, ${subject}, ${row}`,
      section: 'idle',
      row,
      numerator: subject,
      atLeast: 0.9,
    })),
  ),
];

function versus(
  title: string,
  numerator: string,
  denominator: string,
  floors: readonly number[] = [],
): Comparison {
  const cells = ['16B-p1', '125B-p1', '16B-p16', '125B-p16', '1K-p16', '16K-p1', '1M-p1'];
  const byCell = floors.map((floor, index) => [cells[index], floor] as const);
  return { title, numerator, denominator, floors: Object.fromEntries(byCell) };
}
