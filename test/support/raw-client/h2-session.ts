import { once } from 'node:events';
import {
  type ClientHttp2Session,
  connect as connectSession,
  constants,
  type Settings,
} from 'node:http2';
import { within } from '../deadline.js';
import { authorityOf, originOf, type Target } from '../transports.js';
import { type Connection, type ConnectionEnd, dial, resetConnection } from './dial.js';
import { connectHttp2, type StreamHost } from './h2-connect.js';
import type { ConnectOptions } from './handshake.js';
import type { HttpAnswer } from './http-answer.js';
import type { RawSocket } from './raw-socket.js';
import { type PlainRequest, requestHttp2 } from './plain-request.js';

/** A stream that ends sends one, and any number of streams can end at once. */
const MAX_PINGS = 10_000;

export interface SessionOptions {
  /** This client's SETTINGS. */
  readonly settings?: Settings;
  /** The session exists for one socket and ends with it. */
  readonly exclusive?: boolean;
}

/** An HTTP/2 connection that sockets and ordinary requests share. */
export class RawSession implements StreamHost {
  /** The error code of the server's GOAWAY, once it came. */
  goawayCode: number | undefined;
  readonly #goaway: Promise<number>;
  readonly #closed: Promise<unknown>;

  private constructor(
    readonly target: Target,
    /** For what is not offered here. */
    readonly http2: ClientHttp2Session,
    readonly connection: Connection,
    readonly exclusive: boolean,
  ) {
    this.#goaway = new Promise((resolve) => {
      http2.once('goaway', (code) => resolve((this.goawayCode = code)));
    });
    this.#closed = new Promise((resolve) => http2.once('close', resolve));
    // A session that fails ends its streams and its connection, which is where it is reported.
    http2.on('error', () => undefined);
  }

  /** Opens a connection and waits for the server's SETTINGS. */
  static async open(target: Target, options: SessionOptions = {}): Promise<RawSession> {
    const connection = await dial(target);
    const http2 = connectSession(originOf(target), {
      createConnection: () => connection.stream,
      settings: options.settings,
      maxOutstandingPings: MAX_PINGS,
    });
    const session = new RawSession(target, http2, connection, options.exclusive === true);
    try {
      const what = `SETTINGS from ${authorityOf(target)}`;
      await within(once(http2, 'remoteSettings'), what);
      return session;
    } catch (error) {
      session.destroy();
      throw error;
    }
  }

  /** Opens a WebSocket by extended CONNECT on a stream of its own. */
  connect(path: string, options: ConnectOptions = {}): Promise<RawSocket> {
    return connectHttp2(this, path, options);
  }

  /** An ordinary request. */
  request(request: PlainRequest): Promise<HttpAnswer> {
    return requestHttp2(this.http2, this.target, request);
  }

  /** How the server ended the connection; `local` when this client did. */
  get connectionEnded(): Promise<ConnectionEnd> {
    return this.connection.ended;
  }

  /** The error code of the server's GOAWAY. */
  goaway(ms?: number): Promise<number> {
    return within(this.#goaway, 'GOAWAY from the server', ms);
  }

  /** The session is over, whoever ended it. */
  async closed(ms?: number): Promise<void> {
    await within(this.#closed, 'the HTTP/2 session to close', ms);
  }

  /** GOAWAY, then the end of the connection after the last stream. */
  async close(ms?: number): Promise<void> {
    if (!this.http2.closed) this.http2.close();
    await this.closed(ms);
  }

  /** GOAWAY with an error code, and nothing else. */
  sendGoaway(code: number = constants.NGHTTP2_NO_ERROR): void {
    this.http2.goaway(code);
  }

  /** Drops the connection at once. */
  destroy(): void {
    this.http2.destroy();
    this.connection.stream.destroy();
  }

  /** Aborts the connection with a TCP RST. */
  reset(): void {
    resetConnection(this.connection);
  }
}
