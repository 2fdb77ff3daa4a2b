import { Logger, type WsMessageHandler } from '@nestjs/common';
import { BaseWsExceptionFilter } from '@nestjs/websockets';
import { isObservable, type Observable, Subscription } from 'rxjs';
import { isThenable } from '../connection/thenable.js';
import type { WebSocketConnection } from '../connection/web-socket-connection.js';
import type { DirectHandler } from './direct-handlers.js';

/** Nest's own wrapping of one connection's handlers. */
interface WrappedHandlers {
  readonly byEvent: ReadonlyMap<string, WsMessageHandler['callback']>;
  readonly transform: (result: unknown) => Observable<unknown>;
}

interface Event {
  readonly event: string;
  readonly data: unknown;
}

const logger = new Logger('WebSocketAdapter');

/**
 * Delivers `{ "event", "data" }` messages to the handlers of `@SubscribeMessage`, as Nest's own
 * `WsAdapter` does: what a handler returns or emits goes back as JSON, and a message that is no
 * JSON or names no known event is ignored, for a public socket must not fill the log.
 *
 * A handler without pipes, guards, interceptors and filters is called directly: for a plain value
 * there is no promise and no Observable.
 */
export class EventLane {
  private readonly exceptions = new BaseWsExceptionFilter();
  private readonly wrapped = new Map<WebSocketConnection, WrappedHandlers>();
  private readonly replies = new Map<WebSocketConnection, Subscription>();

  /** @param direct handlers by event; those that are missing are wrapped by Nest */
  constructor(private readonly direct: ReadonlyMap<string, DirectHandler>) {}

  /** Keeps the handlers that Nest has bound to a connection. */
  bind(
    socket: WebSocketConnection,
    handlers: readonly WsMessageHandler[],
    transform: WrappedHandlers['transform'],
  ): void {
    const byEvent = new Map(handlers.map(({ message, callback }) => [message, callback]));
    this.wrapped.set(socket, { byEvent, transform });
  }

  /** Ends what still answers, for a connection that has closed. */
  release(socket: WebSocketConnection): void {
    this.wrapped.delete(socket);
    this.replies.get(socket)?.unsubscribe();
    this.replies.delete(socket);
  }

  /** @returns a promise if the answer did not begin yet */
  handle(socket: WebSocketConnection, message: Buffer): Promise<void> | undefined {
    const parsed = parse(message);
    if (parsed === undefined) return undefined;
    const { event, data } = parsed;
    const direct = this.direct.get(event);
    if (direct !== undefined) return this.callDirect(direct, socket, event, data);

    const wrapped = this.wrapped.get(socket);
    const callback = wrapped?.byEvent.get(event);
    if (wrapped === undefined || callback === undefined) return undefined;
    return this.reply(socket, wrapped.transform(callback(data, event)), (error) => {
      // An exception filter that throws: Nest's filters have answered everything else.
      logger.error(error);
    });
  }

  private callDirect(
    handler: DirectHandler,
    socket: WebSocketConnection,
    event: string,
    data: unknown,
  ): Promise<void> | undefined {
    const onError = (error: unknown) =>
      this.exceptions.handleError(socket, error, { pattern: event, data });
    try {
      const result = handler(socket, data);
      if (isThenable(result)) {
        return Promise.resolve(result).then(
          (value: unknown) =>
            isObservable(value) ? this.reply(socket, value, onError) : send(socket, value),
          onError,
        );
      }
      if (isObservable(result)) return this.reply(socket, result, onError);
      send(socket, result);
    } catch (error) {
      onError(error);
    }
    return undefined;
  }

  /** The promise settles when the first answer is there: a stream of them may never end. */
  private reply(
    socket: WebSocketConnection,
    answers: Observable<unknown>,
    onError: (error: unknown) => void,
  ): Promise<void> {
    return new Promise((resolve) => {
      const subscription = answers.subscribe({
        next: (answer) => {
          try {
            send(socket, answer);
          } catch (error) {
            onError(error);
          }
          resolve();
        },
        error: (error: unknown) => {
          onError(error);
          resolve();
        },
        complete: resolve,
      });
      if (!subscription.closed) this.repliesOf(socket).add(subscription);
    });
  }

  private repliesOf(socket: WebSocketConnection): Subscription {
    let replies = this.replies.get(socket);
    if (replies === undefined) this.replies.set(socket, (replies = new Subscription()));
    return replies;
  }
}

function send(socket: WebSocketConnection, answer: unknown): void {
  if (answer !== null && answer !== undefined) socket.send(JSON.stringify(answer));
}

function parse(message: Buffer): Event | undefined {
  try {
    const parsed: unknown = JSON.parse(message.toString());
    return typeof parsed === 'object' && parsed !== null ? (parsed as Event) : undefined;
  } catch {
    return undefined;
  }
}
