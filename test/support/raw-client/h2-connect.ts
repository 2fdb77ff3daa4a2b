import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { buffer } from 'node:stream/consumers';
import { within } from '../deadline.js';
import { authorityOf, isTls, type Target } from '../transports.js';
import type { Connection } from './dial.js';
import {
  checkAccepted,
  type ConnectOptions,
  HandshakeAborted,
  HandshakeRefused,
  type HeaderLine,
  headerLines,
  offerHeaders,
} from './handshake.js';
import { HttpAnswer, plainHeaders } from './http-answer.js';
import { RawSocket } from './raw-socket.js';
import type { SocketEnd, Wire } from './wire.js';

/** The HTTP/2 session that a stream runs in. */
export interface StreamHost {
  readonly target: Target;
  readonly http2: ClientHttp2Session;
  readonly connection: Connection;
  readonly goawayCode: number | undefined;
  /** The session exists for one socket and ends with it. */
  readonly exclusive: boolean;
  destroy(): void;
}

/** Opens a WebSocket by extended CONNECT (RFC 8441) in a session. */
export async function connectHttp2(
  host: StreamHost,
  path: string,
  options: ConnectOptions,
): Promise<RawSocket> {
  if (!host.http2.remoteSettings.enableConnectProtocol) {
    throw new Error('the server did not announce SETTINGS_ENABLE_CONNECT_PROTOCOL');
  }
  const lines = headerLines(
    [['sec-websocket-key', options.key], ...offerHeaders(options)],
    options,
  );
  const stream = host.http2.request(requestHeaders(host.target, path, lines, options), {
    endStream: false,
  });
  const wire = new StreamWire(host, stream, options.stayHalfOpen === true);
  if (options.early) stream.write(options.early);
  try {
    const what = `the answer to the handshake for ${path} over ${host.target.transport}`;
    const answer = await within(answerHead(wire), what, options.timeoutMs);
    if (answer.status !== 200) {
      const body = await within(buffer(stream), 'the body of the refusal', options.timeoutMs);
      throw new HandshakeRefused(new HttpAnswer(answer.status, answer.headers, body));
    }
    return new RawSocket(wire, checkAccepted(answer.headers, lines), options);
  } catch (error) {
    wire.destroy();
    throw error;
  }
}

function requestHeaders(
  target: Target,
  path: string,
  lines: readonly HeaderLine[],
  { method = 'CONNECT', protocol = 'websocket', authority = authorityOf(target) }: ConnectOptions,
): OutgoingHttpHeaders {
  const headers: Record<string, string | string[]> = { ':method': method, ':authority': authority };
  if (protocol !== false) headers[':protocol'] = protocol;
  if (protocol !== false || method !== 'CONNECT') {
    headers[':scheme'] = isTls(target.transport) ? 'https' : 'http';
    headers[':path'] = path;
  }
  for (const [name, value] of lines) {
    const key = name.toLowerCase();
    const before = headers[key];
    headers[key] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}

/** Status and headers of the answer; rejects when the stream ends without one. */
function answerHead(wire: StreamWire): Promise<Pick<HttpAnswer, 'status' | 'headers'>> {
  return new Promise((resolve, reject) => {
    wire.stream.once('response', (headers) => {
      wire.stream.pause();
      resolve({ status: Number(headers[':status']), headers: plainHeaders(headers) });
    });
    void wire.ended.then((end) => reject(new HandshakeAborted(end?.how ?? 'local', end?.rstCode)));
  });
}

/** One HTTP/2 stream. It ends its own side after the server's, unless it is to stay half open. */
class StreamWire implements Wire {
  readonly transport;
  readonly ended: Promise<SocketEnd | undefined>;
  #endedHere = false;

  constructor(
    private readonly host: StreamHost,
    readonly stream: ClientHttp2Stream,
    stayHalfOpen: boolean,
  ) {
    this.transport = host.target.transport;
    this.ended = new Promise((resolve) => {
      let sawEndStream = false;
      stream.on('error', () => undefined);
      stream.once('end', () => {
        if (stream.aborted || stream.destroyed) return;
        sawEndStream = true;
        // After the round trip of a PING, an RST_STREAM right behind END_STREAM has come in, too.
        host.http2.ping(() => {
          if (!stayHalfOpen) stream.end();
          else if (!stream.closed) resolve({ how: 'end_stream' });
        });
      });
      stream.once('close', () => resolve(this.#describeEnd(sawEndStream)));
    });
    if (host.exclusive) void this.ended.then(() => host.http2.close());
  }

  reset(rstCode: number = constants.NGHTTP2_CANCEL): void {
    this.#endedHere = true;
    this.stream.close(rstCode);
  }

  destroy(): void {
    if (!this.host.exclusive) return this.reset();
    this.#endedHere = true;
    return this.host.destroy();
  }

  async #describeEnd(sawEndStream: boolean): Promise<SocketEnd | undefined> {
    const { rstCode } = this.stream;
    const { goawayCode, connection } = this.host;
    if (this.#endedHere) return undefined;
    if (sawEndStream && rstCode === constants.NGHTTP2_NO_ERROR) return { how: 'end_stream' };
    if (goawayCode && this.host.http2.destroyed) return { how: 'goaway', rstCode: goawayCode };
    const connectionEnd = await Promise.race([connection.ended, Promise.resolve('open')]);
    if (connectionEnd === 'fin' || connectionEnd === 'reset') return { how: connectionEnd };
    return connectionEnd === 'local' ? undefined : { how: 'rst_stream', rstCode };
  }
}
