import { type AnswerHeaders, HttpAnswer } from './http-answer.js';

/** The server's HTTP/1.1 response breaks RFC 9112. */
export class MalformedResponse extends Error {
  override readonly name = 'MalformedResponse';
}

/** The head of an HTTP/1.1 response. */
export interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  readonly headers: AnswerHeaders;
  /** Bytes up to and including the empty line. */
  readonly length: number;
}

const HEAD_LIMIT = 64 * 1024;
const STATUS_LINE = /^HTTP\/1\.1 ([1-5]\d\d) ([\t\x20-\x7e]*)$/;
const HEADER_LINE =
  /^([!#$%&'*+\-.^_`|~\dA-Za-z]+):[\t ]*((?:[\x21-\xff](?:[\t\x20-\xff]*[\x21-\xff])?)?)[\t ]*$/;
/** Headers of which a second one contradicts the first. */
const SINGLE = new Set([
  'content-length',
  'sec-websocket-accept',
  'sec-websocket-protocol',
  'upgrade',
]);

/** The head at the beginning of `bytes`; nothing while it is incomplete. */
export function parseResponseHead(bytes: Buffer): ResponseHead | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1 && bytes.length <= HEAD_LIMIT) return undefined;
  if (end === -1 || end > HEAD_LIMIT) throw new MalformedResponse(`a head above ${HEAD_LIMIT} B`);
  const [statusLine, ...headerLines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const status = STATUS_LINE.exec(statusLine);
  if (!status) throw new MalformedResponse(`status line ${JSON.stringify(statusLine)}`);
  const headers: Record<string, string> = {};
  for (const line of headerLines) addHeader(headers, line);
  if ('content-length' in headers && 'transfer-encoding' in headers) {
    throw new MalformedResponse('both Content-Length and Transfer-Encoding');
  }
  return { status: Number(status[1]), reason: status[2], headers, length: end + 4 };
}

/**
 * The response at the beginning of `bytes`; nothing while it is incomplete. Without a length its
 * body goes to the end of the connection, so `ended` says whether more can come.
 */
export function parseResponse(bytes: Buffer, ended: boolean): HttpAnswer | undefined {
  const head = parseResponseHead(bytes);
  if (!head) return undefined;
  const body = bodyOf(head, bytes.subarray(head.length), ended);
  return body && new HttpAnswer(head.status, head.headers, body);
}

function addHeader(headers: Record<string, string>, line: string): void {
  const match = HEADER_LINE.exec(line);
  if (!match) throw new MalformedResponse(`header line ${JSON.stringify(line)}`);
  const name = match[1].toLowerCase();
  const repeated = Object.hasOwn(headers, name);
  if (repeated && SINGLE.has(name)) throw new MalformedResponse(`more than one ${name}`);
  headers[name] = repeated ? `${headers[name]}, ${match[2]}` : match[2];
}

function bodyOf(head: ResponseHead, bytes: Buffer, ended: boolean): Buffer | undefined {
  if (head.status < 200 || head.status === 204 || head.status === 304) return Buffer.alloc(0);
  if (head.headers['transfer-encoding'] === 'chunked') return chunkedBody(bytes);
  const length = head.headers['content-length'];
  if (length === undefined) return ended ? bytes : undefined;
  if (!/^\d+$/.test(length)) throw new MalformedResponse(`Content-Length ${length}`);
  return bytes.length >= Number(length) ? bytes.subarray(0, Number(length)) : undefined;
}

function chunkedBody(bytes: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const line = bytes.toString('latin1', at, lineEnd);
    if (!/^[\da-fA-F]+$/.test(line)) throw new MalformedResponse(`chunk size ${line}`);
    const start = lineEnd + 2;
    const end = start + Number.parseInt(line, 16);
    if (bytes.length < end + 2) return undefined;
    if (bytes.toString('latin1', end, end + 2) !== '\r\n') {
      throw new MalformedResponse('a chunk without its CRLF');
    }
    if (end === start) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(start, end));
    at = end + 2;
  }
}
