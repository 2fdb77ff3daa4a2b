import type { CloseOutcome } from './close-outcome.js';
import type { ConnectionOptions } from './connection-options.js';
import type { ConnectionRegistry } from './connection-registry.js';
import type { Endpoint } from './endpoint.js';
import type { WebSocketConnection } from './web-socket-connection.js';

/** An endpoint whose connections are in the registry. */
export class ConnectionEndpoint implements Endpoint {
  readonly wheel: ConnectionRegistry['wheel'];

  /** @param closed called after each connection, when the registry has let go of it */
  constructor(
    readonly name: string,
    readonly options: ConnectionOptions,
    private readonly registry: ConnectionRegistry,
    private readonly closed?: (connection: WebSocketConnection, outcome: CloseOutcome) => void,
  ) {
    this.wheel = registry.wheel;
  }

  onOpened(connection: WebSocketConnection): void {
    this.registry.add(connection);
  }

  onClosed(connection: WebSocketConnection, outcome: CloseOutcome): void {
    this.registry.remove(connection, outcome);
    this.closed?.(connection, outcome);
  }

  onFailure(connection: WebSocketConnection, error: unknown): void {
    this.registry.failed(connection, error);
  }
}
