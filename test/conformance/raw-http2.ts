import type { Socket } from 'node:net';
import { Inbox } from '../support/inbox.js';
import { dial } from '../support/raw-client/dial.js';
import { authorityOf, isTls, type Target } from '../support/transports.js';

/** A field of a request, pseudo header or not, written as it stands. */
export type Field = readonly [name: string, value: string];

/** How the server takes a request: by an answer, or by an error of the stream or the connection. */
export type Verdict =
  | { readonly kind: 'answer'; readonly endStream: boolean }
  | { readonly kind: 'rst_stream' | 'goaway'; readonly code: number };

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const Type = { Headers: 1, RstStream: 3, Settings: 4, Goaway: 7 } as const;
const END_STREAM = 0x1;
const END_HEADERS = 0x4;
const ACK = 0x1;
const HEAD_LENGTH = 9;

interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** An HTTP/2 connection for requests that Node's client refuses to send. */
export class RawHttp2 {
  readonly #frames = new Inbox<Frame>();
  #received = Buffer.alloc(0);
  #lastStream = -1;

  private constructor(
    readonly target: Target,
    private readonly socket: Socket,
  ) {
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.once('close', () => this.#frames.fail(new Error('the HTTP/2 connection has ended')));
    socket.write(Buffer.concat([PREFACE, frame(Type.Settings, 0, 0, Buffer.alloc(0))]));
  }

  static async open(target: Target): Promise<RawHttp2> {
    return new RawHttp2(target, (await dial(target)).stream);
  }

  /** The fields of a correct extended CONNECT, those that are named replaced or left out. */
  connectFields(path: string, changes: Readonly<Record<string, string | undefined>> = {}): Field[] {
    const fields = {
      ':method': 'CONNECT',
      ':protocol': 'websocket',
      ':scheme': isTls(this.target.transport) ? 'https' : 'http',
      ':path': path,
      ':authority': authorityOf(this.target),
      'sec-websocket-version': '13',
      ...changes,
    };
    return Object.entries(fields).flatMap(([name, value]): Field[] =>
      value === undefined ? [] : [[name, value]],
    );
  }

  /** Sends the head of a request on a new stream and waits for what becomes of it. */
  async request(fields: readonly Field[], { endStream = false } = {}): Promise<Verdict> {
    const stream = (this.#lastStream += 2);
    const flags = END_HEADERS | (endStream ? END_STREAM : 0);
    this.socket.write(frame(Type.Headers, flags, stream, Buffer.concat(fields.map(literal))));
    return this.verdictOn(stream);
  }

  destroy(): void {
    this.socket.destroy();
  }

  private async verdictOn(stream: number): Promise<Verdict> {
    for (;;) {
      const next = await this.#frames.next('the answer of an HTTP/2 server');
      if (next.type === Type.Goaway) return { kind: 'goaway', code: next.payload.readUInt32BE(4) };
      if (next.stream !== stream) continue;
      if (next.type === Type.RstStream) {
        return { kind: 'rst_stream', code: next.payload.readUInt32BE(0) };
      }
      if (next.type === Type.Headers) {
        return { kind: 'answer', endStream: (next.flags & END_STREAM) !== 0 };
      }
    }
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= HEAD_LENGTH) {
      const end = HEAD_LENGTH + this.#received.readUIntBE(0, 3);
      if (this.#received.length < end) return;
      const [type, flags] = this.#received.subarray(3);
      const payload = this.#received.subarray(HEAD_LENGTH, end);
      const stream = this.#received.readUInt32BE(5) & 0x7fffffff;
      this.#received = this.#received.subarray(end);
      if (type === Type.Settings && (flags & ACK) === 0) {
        this.socket.write(frame(Type.Settings, ACK, 0, Buffer.alloc(0)));
      }
      this.#frames.put({ type, flags, stream, payload });
    }
  }
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_LENGTH);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** HPACK: a literal field, neither indexed nor compressed (RFC 7541, section 6.2.2). */
function literal([name, value]: Field): Buffer {
  return Buffer.concat([Buffer.of(0), string(name), string(value)]);
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length > 126) throw new RangeError('only strings of one length byte are written here');
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}
