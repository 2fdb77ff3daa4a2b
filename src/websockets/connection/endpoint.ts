import type { CloseOutcome } from './close-outcome.js';
import type { ConnectionOptions } from './connection-options.js';
import type { TimerWheel } from './timer-wheel.js';
import type { WebSocketConnection } from './web-socket-connection.js';

/** What the connections of one gateway or route have in common, and who is told about them. */
export interface Endpoint {
  /** The path as it was declared, such as `/rooms/:id`: a label with few values. */
  readonly name: string;
  readonly options: ConnectionOptions;
  readonly wheel: TimerWheel;
  onOpened(connection: WebSocketConnection): void;
  /** Called once for each opened connection, after user code can send no more. */
  onClosed(connection: WebSocketConnection, outcome: CloseOutcome): void;
  /** User code threw or rejected; the connection is being closed with 1011. */
  onFailure(connection: WebSocketConnection, error: unknown): void;
}
