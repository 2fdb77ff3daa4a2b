import { Logger } from '@nestjs/common';
import type { WsMessageHandler } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { Subscription } from 'rxjs';
import type { WebSocketConnection } from '../connection/web-socket-connection.js';

const logger = new Logger('WebSocketAdapter');

interface Event {
  readonly event: string;
  readonly data: unknown;
}

/**
 * Delivers `{ "event", "data" }` messages to the handlers of `@SubscribeMessage`, as Nest's own
 * `WsAdapter` does: what a handler returns or emits goes back as JSON, and a message that is no
 * JSON or names no known event is ignored, for a public socket must not fill the log.
 */
export function deliverEvents(
  socket: WebSocketConnection,
  handlers: readonly WsMessageHandler[],
  transform: (data: unknown) => Observable<unknown>,
): void {
  const byEvent = new Map(handlers.map((handler) => [handler.message, handler]));
  const replies = new Subscription();
  void socket.closed.then(() => replies.unsubscribe());

  socket.onMessage((_socket, data) => {
    const message = parse(data);
    const handler = message && byEvent.get(message.event);
    if (handler === undefined) return undefined;
    // The promise holds the peer back while too many handlers have not begun to answer.
    return new Promise<void>((resolve) => {
      const reply = transform(handler.callback(message!.data, message!.event)).subscribe({
        next: (response) => {
          if (response !== null && response !== undefined) socket.send(JSON.stringify(response));
          resolve();
        },
        // An exception filter that throws: Nest's filters have answered everything else.
        error: (error: unknown) => {
          logger.error(error);
          resolve();
        },
        complete: resolve,
      });
      replies.add(reply);
    });
  });
}

function parse(data: Buffer): Event | undefined {
  try {
    const message: unknown = JSON.parse(data.toString());
    return typeof message === 'object' && message !== null ? (message as Event) : undefined;
  } catch {
    return undefined;
  }
}
