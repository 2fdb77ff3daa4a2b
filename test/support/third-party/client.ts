import { within } from '../deadline.js';
import { Inbox } from '../inbox.js';
import { forget, track } from '../leftovers.js';
import type { Message } from '../raw-client.js';
import type { Target, TransportName } from '../transports.js';

/** A client that people use, so far as the tests use it. */
export interface ThirdPartyClient {
  readonly name: string;
  readonly transport: TransportName;
  /** Whether `connect` rejects when the handshake is refused, or just hears nothing any more. */
  readonly reportsRefusal: boolean;
  connect(target: Target, path: string, options?: ThirdPartyOptions): Promise<ThirdPartySocket>;
}

export interface ThirdPartyOptions {
  readonly subprotocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the client reports at the end. */
export interface ThirdPartyClose {
  readonly code: number;
  readonly reason: string;
}

/** The socket that a client's own API stands behind, as far as all of them have it. */
export interface SocketUnderTest {
  readonly protocol: string;
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
}

/** An open socket of a client; its adapter calls `messageReceived` and `hasClosed`. */
export class ThirdPartySocket {
  readonly #messages = new Inbox<Message>();
  readonly #closed: Promise<ThirdPartyClose>;
  #resolveClosed: (close: ThirdPartyClose) => void = () => undefined;

  constructor(
    private readonly socket: SocketUnderTest,
    drop: () => void,
  ) {
    this.#closed = new Promise((resolve) => (this.#resolveClosed = resolve));
    track(this, drop);
  }

  /** The subprotocol that the server chose, empty if none. */
  get subprotocol(): string {
    return this.socket.protocol;
  }

  send(data: string | Uint8Array): void {
    this.socket.send(data);
  }

  nextMessage(ms?: number): Promise<Message> {
    return this.#messages.next('a message', ms);
  }

  /** Starts the closing handshake and does not wait for its end. */
  close(code?: number, reason?: string): void {
    this.socket.close(code, reason);
  }

  closed(ms?: number): Promise<ThirdPartyClose> {
    return within(this.#closed, 'the client to report the end of the socket', ms);
  }

  messageReceived(data: Buffer, isBinary: boolean): void {
    this.#messages.put({ data, isBinary });
  }

  hasClosed(close: ThirdPartyClose): void {
    forget(this);
    this.#messages.fail(new Error(`the socket was closed: ${close.code} ${close.reason}`));
    this.#resolveClosed(close);
  }
}

/** The URL of a path, in the `ws` or `wss` scheme. */
export function webSocketUrl(
  { host = '127.0.0.1', port, transport }: Target,
  path: string,
): string {
  return `${transport.endsWith('-tls') ? 'wss' : 'ws'}://${host}:${port}${path}`;
}
