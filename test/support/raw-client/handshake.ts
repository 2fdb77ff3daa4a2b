import { createHash } from 'node:crypto';
import { type AnswerHeaders, HttpAnswer } from './http-answer.js';

/** How to open a WebSocket; every default makes a correct handshake. */
export interface ConnectOptions {
  /**
   * Added to or put in place of the default headers, names in any case; `undefined` leaves a
   * default out, an array sends the header several times.
   */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly subprotocols?: readonly string[];
  /** Each as it stands in Sec-WebSocket-Extensions. */
  readonly extensions?: readonly string[];
  /** Sec-WebSocket-Key. Default: random on HTTP/1.1, none on HTTP/2. */
  readonly key?: string;
  /** Sec-WebSocket-Version. Default: 13. */
  readonly version?: string;
  /** Default: GET on HTTP/1.1, CONNECT on HTTP/2. */
  readonly method?: string;
  /** The Upgrade token or `:protocol`; `false` sends none. Default: websocket. */
  readonly protocol?: string | false;
  /** Host or `:authority`. Default: the target's. */
  readonly authority?: string;
  /** Bytes sent right behind the handshake, before its answer. */
  readonly early?: Uint8Array;
  /** Answer pings. Default: true. */
  readonly autoPong?: boolean;
  /** Keep this side open when the server has ended its own. */
  readonly stayHalfOpen?: boolean;
  /** Deadline for the answer to the handshake. */
  readonly timeoutMs?: number;
}

/** What the server answered to an accepted handshake. */
export interface AcceptedHandshake {
  readonly headers: AnswerHeaders;
  /** The chosen subprotocol. */
  readonly subprotocol: string | undefined;
  /** Sec-WebSocket-Extensions as answered. */
  readonly extensions: string | undefined;
}

/** The server answered the handshake with something else than an open socket. */
export class HandshakeRefused extends Error {
  override readonly name = 'HandshakeRefused';
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: Buffer;

  constructor(private readonly answer: HttpAnswer) {
    super(`the handshake was refused: ${answer.status} ${answer.text.slice(0, 500)}`);
    this.status = answer.status;
    this.headers = answer.headers;
    this.body = answer.body;
  }

  /** The body as JSON. */
  json(): unknown {
    return this.answer.json();
  }
}

/** The connection or stream ended before an answer to the handshake came. */
export class HandshakeAborted extends Error {
  override readonly name = 'HandshakeAborted';

  constructor(
    readonly how: string,
    /** The code of RST_STREAM, on HTTP/2. */
    readonly rstCode?: number,
  ) {
    super(`no answer to the handshake: ${how}${rstCode === undefined ? '' : ` ${rstCode}`}`);
  }
}

/** The server accepted, but with an answer that RFC 6455 or RFC 8441 forbids. */
export class BadHandshakeAnswer extends Error {
  override readonly name = 'BadHandshakeAnswer';
}

/** One line of a request head. */
export type HeaderLine = readonly [name: string, value: string];

/** `defaults` with `options.headers` put over them, name by name. */
export function headerLines(
  defaults: readonly (readonly [string, string | undefined])[],
  { headers = {} }: ConnectOptions,
): HeaderLine[] {
  const replaced = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const lines: HeaderLine[] = [];
  for (const [name, value] of defaults) {
    if (value !== undefined && !replaced.has(name.toLowerCase())) lines.push([name, value]);
  }
  for (const [name, value] of Object.entries(headers)) {
    for (const one of [value ?? []].flat()) lines.push([name, one]);
  }
  return lines;
}

/** The WebSocket headers that both HTTP versions share. */
export function offerHeaders(options: ConnectOptions): [string, string | undefined][] {
  return [
    ['sec-websocket-version', options.version ?? '13'],
    ['sec-websocket-protocol', options.subprotocols?.join(', ')],
    ['sec-websocket-extensions', options.extensions?.join(', ')],
  ];
}

/** Checks the parts of the answer that both HTTP versions share against what was `sent`. */
export function checkAccepted(
  headers: AnswerHeaders,
  sent: readonly HeaderLine[],
): AcceptedHandshake {
  const [key] = valuesOf(sent, 'sec-websocket-key');
  const accept = headers['sec-websocket-accept'];
  const expected = key === undefined ? undefined : acceptFor(key);
  if (accept !== expected) {
    throw new BadHandshakeAnswer(`Sec-WebSocket-Accept is ${accept}, not ${expected}`);
  }
  const subprotocol = headers['sec-websocket-protocol'];
  const extensions = headers['sec-websocket-extensions'];
  checkOffered(subprotocol, sent, 'sec-websocket-protocol');
  checkOffered(extensions, sent, 'sec-websocket-extensions');
  return { headers, subprotocol, extensions };
}

/** Sec-WebSocket-Accept for a Sec-WebSocket-Key. */
export function acceptFor(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

function checkOffered(
  chosen: string | undefined,
  sent: readonly HeaderLine[],
  header: string,
): void {
  const offers = valuesOf(sent, header).flatMap(itemNames);
  for (const name of chosen === undefined ? [] : itemNames(chosen)) {
    if (!offers.includes(name)) throw new BadHandshakeAnswer(`${header} ${name} was not offered`);
  }
}

/** The items of a comma list without their parameters. */
const itemNames = (list: string): string[] =>
  list.split(',').map((item) => item.split(';')[0].trim());

const valuesOf = (lines: readonly HeaderLine[], header: string): string[] =>
  lines.filter(([name]) => name.toLowerCase() === header).map(([, value]) => value);
