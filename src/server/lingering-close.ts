import type { Socket } from 'node:net';

/** How long a refused client may take to read the answer and to close, in milliseconds. */
export const REFUSAL_LINGER = 2_000;

/**
 * Ends the socket and discards what still arrives, until the peer has closed too or `lingerMs`
 * have passed. Closing a socket with unread bytes sends a RST, which can wipe out the answer
 * before the peer has read it (RFC 9112, section 9.6).
 */
export function lingeringClose(socket: Socket, lingerMs: number): void {
  destroyAfter(socket, lingerMs);
  socket.end();
  socket.resume();
}

/** The same, but the peer has as long as it takes to read what was written before. */
export function lingeringCloseOnceWritten(socket: Socket, lingerMs: number): void {
  socket.once('finish', () => destroyAfter(socket, lingerMs));
  socket.end();
  socket.resume();
}

function destroyAfter(socket: Socket, lingerMs: number): void {
  if (socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(timer));
}
