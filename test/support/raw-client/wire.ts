import type { Duplex } from 'node:stream';
import type { TransportName } from '../transports.js';

/** How the server ended its side of a socket. */
export interface SocketEnd {
  /**
   * `fin`, `reset`: of the TCP connection (on HTTP/2 the one the stream ran on);
   * `end_stream`, `rst_stream`: of the stream; `goaway`: of the session, by GOAWAY with an error.
   */
  readonly how: 'fin' | 'reset' | 'end_stream' | 'rst_stream' | 'goaway';
  /** The code of the RST_STREAM or GOAWAY. */
  readonly rstCode?: number;
}

/** What carries the frames: a connection on HTTP/1.1, a stream on HTTP/2. */
export interface Wire {
  readonly transport: TransportName;
  readonly stream: Duplex;
  /** Undefined when the server did not end it but this client. */
  readonly ended: Promise<SocketEnd | undefined>;
  /** Aborts: TCP RST, or RST_STREAM with `rstCode` (default: CANCEL). */
  reset(rstCode?: number): void;
  /** Drops the wire, and the connection if it belongs to this wire alone. */
  destroy(): void;
}
