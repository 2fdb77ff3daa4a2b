/** How a server is talked to. */
export type Transport = 'h1' | 'h2' | 'tcp';

/** What a message is to the server: bytes, Nest's `{event, data}`, or a Socket.IO event. */
export type Encoding = 'binary' | 'event' | 'socket.io';

/** A server, and the way in. */
export interface Target {
  readonly port: number;
  readonly path: string;
  readonly transport: Transport;
  readonly encoding: Encoding;
  /** The server's process, whose CPU time and memory are read. */
  readonly pid: number;
}

/** Messages back and forth on some connections; `p1` is one in flight on each. */
export interface Traffic {
  readonly payloadBytes: number;
  readonly connections: number;
  readonly inFlight: number;
}

/** What the generator offers as `Sec-WebSocket-Extensions`, and then makes use of. */
export type Compression = 'context-takeover' | 'no-context-takeover';

interface Timing {
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** Each connection sends the next burst when the last one has come back. */
export interface ClosedLoopJob extends Target, Traffic, Timing {
  readonly kind: 'closed-loop';
  readonly compression?: Compression;
}

/** Messages at a fixed rate, whatever the server does; latency counts from the due time. */
export interface OpenLoopJob extends Target, Traffic, Timing {
  readonly kind: 'open-loop';
  readonly messagesPerSecond: number;
}

/** Connect, upgrade, close with a close handshake, again. */
export interface HandshakeJob extends Target, Timing {
  readonly kind: 'handshakes';
  readonly concurrent: number;
}

/** Opens sockets and leaves them alone until the job `release`. */
export interface HoldJob extends Target {
  readonly kind: 'hold';
  readonly sockets: number;
  readonly compression?: Compression;
}

/** Sends one message on every socket that is held, and awaits the echo. */
export interface TouchJob {
  readonly kind: 'touch';
  readonly payloadBytes: number;
}

export interface ReleaseJob {
  readonly kind: 'release';
}

export type Job = ClosedLoopJob | OpenLoopJob | HandshakeJob | HoldJob | TouchJob | ReleaseJob;

/** What was done within the measured seconds. */
export interface Throughput {
  /** Messages that came back, or handshakes that were done. */
  readonly count: number;
  readonly seconds: number;
  readonly serverCpuSeconds: number;
  readonly generatorCpuSeconds: number;
}

/** Microseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface OpenLoopResult extends Throughput {
  readonly latency: Latency;
}

export interface JobResults {
  'closed-loop': Throughput;
  'open-loop': OpenLoopResult;
  handshakes: Throughput;
  hold: undefined;
  touch: undefined;
  release: undefined;
}
