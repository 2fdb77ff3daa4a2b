import { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The response that is being written on a socket of `http.Server`. `_httpMessage` is not
 * documented, but there is no public way to learn of it once the parser has let the socket go.
 */
export function responseOn(socket: Socket): ServerResponse | undefined {
  return '_httpMessage' in socket && socket._httpMessage instanceof ServerResponse
    ? socket._httpMessage
    : undefined;
}

/**
 * Passes the socket's 'drain' on to a response, as `http.Server` does until the 'upgrade' or
 * 'connect' event.
 *
 * @returns the function that stops it.
 */
export function forwardDrain(socket: Socket, response: ServerResponse): () => void {
  const onDrain = (): void => {
    response.emit('drain');
  };
  socket.on('drain', onDrain);
  return () => socket.off('drain', onDrain);
}

/**
 * Calls `action` when the responses to all earlier (pipelined) requests are written: at once, as a
 * rule. It is not called when the connection closes before, or with the last of them.
 */
export function afterEarlierResponses(socket: Socket, action: () => void): void {
  const response = responseOn(socket);
  if (response) {
    const stopForwarding = forwardDrain(socket, response);
    response.once('close', () => {
      stopForwarding();
      afterEarlierResponses(socket, action);
    });
  } else if (!socket.destroyed && !socket.writableEnded) {
    action();
  }
}
