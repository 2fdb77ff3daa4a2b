import { within } from '../support/deadline.js';
import { HttpAnswer } from '../support/raw-client.js';
import { type Connection, dial } from '../support/raw-client/dial.js';
import { parseResponseHead } from '../support/raw-client/response-parser.js';
import type { Target } from '../support/transports.js';

/** The key and its answer in RFC 6455, section 1.3. */
export const SAMPLE_KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
export const SAMPLE_ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

/** The head of an Upgrade request, line by line; `changes` replaces or, undefined, leaves out. */
export function upgradeHead(
  path: string,
  changes: Readonly<Record<string, string | undefined>> = {},
  requestLine = `GET ${path} HTTP/1.1`,
): string {
  const fields: Record<string, string | undefined> = {
    Host: 'localhost',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Key': SAMPLE_KEY,
    'Sec-WebSocket-Version': '13',
    ...changes,
  };
  const lines = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return `${requestLine}\r\n${lines.join('')}\r\n`;
}

/** An HTTP/1.1 connection, request by request, for what a client with a mind of its own hides. */
export class Conversation {
  #received = Buffer.alloc(0);
  #wake: () => void = () => undefined;

  private constructor(private readonly connection: Connection) {
    connection.stream.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    void connection.ended.then(() => this.#wake());
  }

  static async open(target: Target): Promise<Conversation> {
    return new Conversation(await dial(target, { stayHalfOpen: true }));
  }

  send(bytes: string | Uint8Array): void {
    this.connection.stream.write(bytes);
  }

  /** Ends this side, behind what was sent. */
  halfClose(): void {
    this.connection.stream.end();
  }

  /** The next response; what follows it stays for the next call. */
  async response(): Promise<HttpAnswer> {
    const head = await this.#until(() => parseResponseHead(this.#received));
    const length = head.status === 101 ? 0 : Number(head.headers['content-length'] ?? 0);
    await this.bytes(head.length, 'a response head');
    return new HttpAnswer(head.status, head.headers, await this.bytes(length, 'a response body'));
  }

  /** The next so many bytes. */
  async bytes(count: number, what = `${count} bytes`): Promise<Buffer> {
    await this.#until(() => (this.#received.length >= count ? true : undefined), what);
    const taken = this.#received.subarray(0, count);
    this.#received = this.#received.subarray(count);
    return taken;
  }

  /** How the server ended the connection. */
  ended(): Promise<'fin' | 'reset' | 'local'> {
    return within(this.connection.ended, 'the server to end the connection');
  }

  destroy(): void {
    this.connection.stream.destroy();
  }

  async #until<T>(find: () => T | undefined, what = 'a response'): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      await within(new Promise<void>((resolve) => (this.#wake = resolve)), what);
    }
  }
}
