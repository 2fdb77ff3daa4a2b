import type { IncomingMessage } from 'node:http';

/**
 * Writes the head of a request anew, without the connection option `upgrade`: a server that will
 * not switch protocols ignores the `Upgrade` field (RFC 9110, section 7.8) and serves the request
 * as any other, with its body and whatever was pipelined behind it.
 *
 * Node's own way to say so (`shouldUpgradeCallback`, or no 'upgrade' listener) loses every byte
 * that came behind such a head in the same packet when the request has no body (24.21, 20.20).
 *
 * @returns the head's bytes, never more than were received, to be parsed again.
 */
export function headWithoutUpgrade(request: IncomingMessage): Buffer {
  let head = `${request.method} ${request.url} HTTP/${request.httpVersion}\r\n`;
  const { rawHeaders } = request;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    if (name.toLowerCase() !== 'connection') {
      head += `${name}: ${value}\r\n`;
      continue;
    }
    const options = value.split(',').filter((option) => option.trim().toLowerCase() !== 'upgrade');
    if (options.length > 0) head += `${name}: ${options.join(',').trim()}\r\n`;
  }
  return Buffer.from(`${head}\r\n`, 'latin1');
}
