import type { FastifyRequest } from 'fastify';
import type { CloseOutcome } from '../connection/close-outcome.js';
import { ConnectionEndpoint } from '../connection/connection-endpoint.js';
import type { ConnectionRegistry } from '../connection/connection-registry.js';
import type { MessageHandler } from '../connection/message-handler.js';
import type { WebSocketConnection } from '../connection/web-socket-connection.js';
import { isThenable } from '../connection/thenable.js';
import type { ConnectionOptions } from '../connection/connection-options.js';
import type { Endpoint } from '../connection/endpoint.js';
import type { EventLane } from './event-lane.js';
import type { GatewayInstance } from './gateway.interfaces.js';

/** One gateway and its connections; what `@WebSocketServer()` gives to a gateway. */
export class GatewayServer {
  /** Connections that are not closed yet. */
  readonly clients: ReadonlySet<WebSocketConnection>;

  /** @internal */
  readonly endpoint: Endpoint;

  private readonly sockets = new Set<WebSocketConnection>();
  private readonly connecting = new Map<WebSocketConnection, Promise<unknown>>();
  private readonly lane: MessageHandler;
  private bindEvents: ((socket: WebSocketConnection) => void) | undefined;

  /** @internal */
  constructor(
    readonly path: string,
    readonly subprotocols: readonly string[],
    private readonly gateway: GatewayInstance,
    private readonly events: EventLane,
    private readonly registry: ConnectionRegistry,
    options: ConnectionOptions,
  ) {
    this.clients = this.sockets;
    this.endpoint = new ConnectionEndpoint(path, options, registry, (socket, outcome) => {
      void this.disconnect(socket, outcome);
    });
    this.lane =
      gateway.handleMessage === undefined
        ? (socket, data) => events.handle(socket, data)
        : (socket, data, isBinary) => gateway.handleMessage!(socket, data, isBinary);
  }

  /**
   * Sends a message to every connection; one that is too slow to take it is closed or skipped, as
   * its `slowConsumer` says.
   */
  broadcast(data: string | Uint8Array): void {
    for (const socket of this.sockets) socket.send(data);
  }

  /** @internal @param bind makes Nest hand the event lane a connection's handlers */
  onBindEvents(bind: (socket: WebSocketConnection) => void): void {
    this.bindEvents = bind;
  }

  /** @internal calls `handleConnection`, then lets the messages through */
  async connect(socket: WebSocketConnection, request: FastifyRequest): Promise<void> {
    this.sockets.add(socket);
    try {
      const result = this.gateway.handleConnection?.(socket, request);
      if (isThenable(result)) {
        const settled = Promise.resolve(result);
        this.connecting.set(socket, settled);
        await settled;
      }
      this.bindEvents?.(socket);
      socket.onMessage(this.lane);
    } catch (error) {
      socket.fail(error);
    } finally {
      this.connecting.delete(socket);
    }
  }

  private async disconnect(socket: WebSocketConnection, outcome: CloseOutcome): Promise<void> {
    this.sockets.delete(socket);
    this.events.release(socket);
    try {
      // A gateway must not see the end of a connection whose beginning it is still busy with.
      await this.connecting.get(socket)?.catch(ignore);
      await this.gateway.handleDisconnect?.(socket, outcome);
    } catch (error) {
      this.registry.failed(socket, error);
    }
  }
}

function ignore(): void {}
