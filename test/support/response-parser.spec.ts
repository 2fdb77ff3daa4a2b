import {
  MalformedResponse,
  parseResponse,
  parseResponseHead,
} from './raw-client/response-parser.js';

const head = (...lines: string[]): Buffer => Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');

describe('parseResponseHead', () => {
  it('reads status, reason and headers', () => {
    const bytes = head(
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'X-A:1',
      'x-a: 2 ',
    );
    expect(parseResponseHead(Buffer.concat([bytes, Buffer.from('rest')]))).toEqual({
      status: 101,
      reason: 'Switching Protocols',
      headers: { upgrade: 'websocket', 'x-a': '1, 2' },
      length: bytes.length,
    });
  });

  it('waits for the empty line', () => {
    expect(parseResponseHead(Buffer.from('HTTP/1.1 200 OK\r\nA: b\r\n'))).toBeUndefined();
  });

  it.each([
    ['another version', 'HTTP/1.0 200 OK'],
    ['a status without three digits', 'HTTP/1.1 20 OK'],
    ['no space behind the status', 'HTTP/1.1 200'],
    ['a folded header', 'HTTP/1.1 200 OK\r\nA: b\r\n c'],
    ['a space before the colon', 'HTTP/1.1 200 OK\r\nA : b'],
    ['no colon', 'HTTP/1.1 200 OK\r\nA'],
    ['a bare line feed', 'HTTP/1.1 200 OK\nA: b'],
    ['a line feed in a value', 'HTTP/1.1 200 OK\r\nA: b\nc: d'],
    ['two accept headers', 'HTTP/1.1 101 x\r\nSec-WebSocket-Accept: a\r\nSec-WebSocket-Accept: a'],
    ['two framings', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked'],
  ])('refuses %s', (_what, text) => {
    expect(() => parseResponseHead(head(text))).toThrow(MalformedResponse);
  });

  it('refuses a head without an end', () => {
    const endless = Buffer.alloc(70_000, 'a');
    expect(() => parseResponseHead(endless)).toThrow(MalformedResponse);
  });
});

describe('parseResponse', () => {
  const parse = (body: string, ended: boolean, ...headers: string[]): string | undefined =>
    parseResponse(
      Buffer.concat([head('HTTP/1.1 403 Forbidden', ...headers), Buffer.from(body)]),
      ended,
    )?.text;

  it('takes Content-Length bytes', () => {
    expect(parse('ab', false, 'Content-Length: 3')).toBeUndefined();
    expect(parse('abcd', false, 'Content-Length: 3')).toBe('abc');
  });

  it('takes chunks', () => {
    const chunked = 'Transfer-Encoding: chunked';
    expect(parse('2\r\nab\r\n1\r\nc\r\n', false, chunked)).toBeUndefined();
    expect(parse('2\r\nab\r\n1\r\nc\r\n0\r\n\r\n', false, chunked)).toBe('abc');
    expect(() => parse('2\r\nabc\r\n', false, chunked)).toThrow(MalformedResponse);
    expect(() => parse('zz\r\nabc\r\n', false, chunked)).toThrow(MalformedResponse);
  });

  it('takes everything up to the end of the connection', () => {
    expect(parse('ab', false)).toBeUndefined();
    expect(parse('ab', true)).toBe('ab');
  });

  it('gives the body as JSON', () => {
    const bytes = Buffer.concat([head('HTTP/1.1 404 Not Found'), Buffer.from('{"a":1}')]);
    expect(parseResponse(bytes, true)?.json()).toEqual({ a: 1 });
  });
});
