import type { Socket } from 'node:net';
import { errorResponse } from './error-response.js';
import { responseOn } from './http1-socket.js';
import { lingeringClose, REFUSAL_LINGER } from './lingering-close.js';

/** The answer to a 'clientError' of `http.Server`; undefined when nobody is there to read it. */
function responseTo(code: string | undefined): string | undefined {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return errorResponse(408, 'The request did not arrive in time');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return errorResponse(413, 'The chunk extensions are too large');
    case 'HPE_HEADER_OVERFLOW':
      return errorResponse(431, 'The request head is too large');
    default:
      return code?.startsWith('HPE_') ? errorResponse(400, 'Malformed request') : undefined;
  }
}

/**
 * Answers a request that cannot be parsed, and closes the connection so that the answer arrives:
 * Node's own listener and Fastify's destroy the socket at once, and a client that was still
 * sending sees a reset instead of its 431.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.writableEnded) return;
  const response = responseTo(error.code);
  if (response === undefined || !socket.writable || responseOn(socket)?.headersSent) {
    socket.destroy();
    return;
  }
  // The parser reads no more, behind a listener of its own that would report every further packet.
  socket.removeAllListeners('data').removeAllListeners('end').on('data', discard);
  socket.write(response);
  lingeringClose(socket, REFUSAL_LINGER);
}

function discard(): void {}
