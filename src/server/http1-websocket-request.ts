import type { IncomingMessage } from 'node:http';

/** Whether a comma-separated list of tokens (RFC 9110, section 5.6.1) has this one. */
function listContains(list: string | undefined, token: string): boolean {
  return list !== undefined && list.split(',').some((item) => item.trim().toLowerCase() === token);
}

/**
 * Whether an HTTP/1.1 request asks for a WebSocket: what RFC 6455, section 4.2.1, says of its
 * method, version, `Upgrade` and `Connection`, and no body, which nothing could tell from frames.
 * The `Sec-WebSocket-*` fields are left to the handshake, which has an answer for each mistake.
 */
export function isWebSocketRequest(request: IncomingMessage): boolean {
  const { headers } = request;
  return (
    request.method === 'GET' &&
    request.httpVersionMajor === 1 &&
    request.httpVersionMinor >= 1 &&
    listContains(headers.upgrade, 'websocket') &&
    listContains(headers.connection, 'upgrade') &&
    headers['transfer-encoding'] === undefined &&
    Number(headers['content-length'] ?? 0) === 0
  );
}
