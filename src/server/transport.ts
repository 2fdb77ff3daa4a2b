import type { Duplex } from 'node:stream';

/** The byte stream under a WebSocket, whichever HTTP version carried its handshake. */
export interface Transport {
  /** `net.Socket`, `tls.TLSSocket` or `ServerHttp2Stream`; paused until somebody reads it. */
  readonly stream: Duplex;

  /**
   * Ends the stream after the closing handshake: FIN on HTTP/1.1, END_STREAM on HTTP/2 (RFC 8441,
   * section 5). A peer that does not end its own side within `lingerMs` is not waited for.
   */
  end(lingerMs: number): void;

  /** Gives the stream up at once: RST_STREAM with CANCEL on HTTP/2 (RFC 8441, section 5). */
  abort(): void;
}

/** A request that asks to leave HTTP: an HTTP/1.1 Upgrade or an HTTP/2 extended CONNECT. */
export interface Upgrade {
  readonly httpVersion: '1.1' | '2.0';

  /** The protocol asked for, in lower case: the `Upgrade` token or the `:protocol` pseudo-header. */
  readonly protocol: string;

  /**
   * Answers 101 (HTTP/1.1, with `Connection` and `Upgrade` added) or 200 (HTTP/2) with these
   * headers, and hands over the stream. To be called once, and only while nothing was answered.
   */
  accept(headers: Record<string, string | string[]>): Transport;
}
