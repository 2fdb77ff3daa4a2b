import { type IncomingMessage, request as httpRequest } from 'node:http';
import type { ClientHttp2Session } from 'node:http2';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { within } from '../deadline.js';
import { authorityOf, isTls, type Target } from '../transports.js';
import { dial } from './dial.js';
import { HttpAnswer, plainHeaders } from './http-answer.js';

/** An ordinary HTTP request. */
export interface PlainRequest {
  readonly path: string;
  /** Default: GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
  /** Deadline for the whole answer. */
  readonly timeoutMs?: number;
}

/** Sends a request on an HTTP/1.1 connection of its own. */
export function requestHttp1(target: Target, request: PlainRequest): Promise<HttpAnswer> {
  return within(exchangeHttp1(target, request), describe(target, request), request.timeoutMs);
}

/** Sends a request on a stream of an HTTP/2 session. */
export function requestHttp2(
  session: ClientHttp2Session,
  target: Target,
  request: PlainRequest,
): Promise<HttpAnswer> {
  const answer = exchangeHttp2(session, target, request);
  return within(answer, describe(target, request), request.timeoutMs);
}

async function exchangeHttp1(
  target: Target,
  { path, method = 'GET', headers, body }: PlainRequest,
): Promise<HttpAnswer> {
  const { stream } = await dial(target);
  try {
    const outgoing = httpRequest({
      createConnection: () => stream,
      path,
      method,
      headers: { host: authorityOf(target), connection: 'close', ...headers },
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve).once('error', reject);
    });
    outgoing.end(body);
    const incoming = await answered;
    const { statusCode = 0, headers: answerHeaders } = incoming;
    return new HttpAnswer(statusCode, plainHeaders(answerHeaders), await buffer(incoming));
  } finally {
    stream.destroy();
  }
}

async function exchangeHttp2(
  session: ClientHttp2Session,
  target: Target,
  { path, method = 'GET', headers, body }: PlainRequest,
): Promise<HttpAnswer> {
  const stream = session.request({
    ':method': method,
    ':scheme': isTls(target.transport) ? 'https' : 'http',
    ':authority': authorityOf(target),
    ':path': path,
    ...headers,
  });
  const answered = once(stream, 'response');
  stream.end(body);
  const [answer] = await answered;
  return new HttpAnswer(Number(answer[':status']), plainHeaders(answer), await buffer(stream));
}

const describe = (target: Target, { method = 'GET', path }: PlainRequest): string =>
  `the answer to ${method} ${path} over ${target.transport}`;
