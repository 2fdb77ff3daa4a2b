import { once } from 'node:events';
import http2, {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { TestServer } from './test-server.js';

/** What a stream was answered, once it is over. */
export interface Answer {
  readonly headers: IncomingHttpHeaders & IncomingHttpStatusHeader;
  readonly body: string;
  readonly rstCode: number | undefined;
}

/** Connects, and waits until extended CONNECT is known to be there, or not. */
export async function connectHttp2(server: TestServer): Promise<ClientHttp2Session> {
  const session = http2.connect(server.origin, { rejectUnauthorized: false });
  session.on('error', () => undefined);
  await once(session, 'remoteSettings');
  return session;
}

/** Opens a stream with an extended CONNECT (RFC 8441). */
export function openSocket(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders = {},
): ClientHttp2Stream {
  return openStream(session, {
    ':method': 'CONNECT',
    ':protocol': 'websocket',
    ':path': '/socket',
    'sec-websocket-version': '13',
    ...headers,
  });
}

/** Opens a stream without ending it. */
export function openStream(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
): ClientHttp2Stream {
  const stream = session.request(headers, { endStream: false });
  stream.on('error', () => undefined);
  return stream;
}

/** Waits until the stream is closed. */
export async function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  let headers: Answer['headers'] = {};
  let body = '';
  stream.on('response', (fields) => {
    headers = fields;
  });
  stream.setEncoding('latin1').on('data', (text: string) => {
    body += text;
  });
  await new Promise((resolve) => stream.once('close', resolve));
  return { headers, body, rstCode: stream.rstCode };
}

/** Waits until the stream has received this text. */
export function receive(stream: ClientHttp2Stream, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const onData = (data: Buffer): void => {
      received += data.toString('latin1');
      if (!received.includes(text)) return;
      stream.off('data', onData);
      resolve(received);
    };
    stream.on('data', onData);
    stream.once('close', () => reject(new Error(`Closed before "${text}": ${received}`)));
  });
}
