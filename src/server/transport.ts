import type { Duplex } from 'node:stream';

/** The byte stream under a WebSocket, whichever HTTP version carried its handshake. */
export interface Transport {
  /**
   * `net.Socket`, `tls.TLSSocket` or `ServerHttp2Stream`; paused until somebody reads it. An
   * 'error' needs no listener, and 'close' is emitted exactly once, whatever ended the stream. The
   * peer's end of stream ('end') does not end this side: `end()` or `abort()` has to follow.
   */
  readonly stream: Duplex;

  /**
   * Ends the stream after the closing handshake: FIN on HTTP/1.1, END_STREAM on HTTP/2 (RFC 8441,
   * section 5). From when all that was written has left, the peer has `lingerMs` milliseconds to end
   * its own side. How long writing may take is for the caller to limit, with `abort`.
   */
  end(lingerMs: number): void;

  /**
   * Gives the stream up at once, with whatever is still queued: the connection is closed on
   * HTTP/1.1, RST_STREAM with CANCEL on HTTP/2 (RFC 8441, section 5). Never throws.
   */
  abort(): void;
}

/** A request that asks to leave HTTP: an HTTP/1.1 Upgrade or an HTTP/2 extended CONNECT. */
export interface Upgrade {
  readonly httpVersion: '1.1' | '2.0';

  /** The protocol asked for, in lower case: the `Upgrade` token or the `:protocol` pseudo-header. */
  readonly protocol: string;

  /** Whether the client has left, so that nobody would hear an answer. */
  readonly isAbandoned: boolean;

  /**
   * Answers 101 (HTTP/1.1, with `Connection` and `Upgrade` added) or 200 (HTTP/2) with these
   * headers, and hands over the stream. To be called once, and only while nothing was answered.
   *
   * @throws TypeError for a header that is malformed or belongs to the connection; nothing was
   *   written, the request can still be refused.
   * @throws Error when the request was already answered or accepted, or the client has gone.
   */
  accept(headers: Record<string, string | string[]>): Transport;
}
