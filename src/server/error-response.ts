import { STATUS_CODES } from 'node:http';

/** The JSON body of an error that is answered below the framework, in the framework's shape. */
export function errorBody(statusCode: number, message: string): string {
  return JSON.stringify({ statusCode, message, error: STATUS_CODES[statusCode] });
}

/** A whole HTTP/1.1 error response, for a connection that has no request to respond to. */
export function errorResponse(statusCode: number, message: string): string {
  const body = errorBody(statusCode, message);
  return [
    `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}`,
    `Date: ${new Date().toUTCString()}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
