import {
  type INestApplication,
  MethodNotAllowedException,
  type WebSocketAdapter as NestWebSocketAdapter,
  type WsMessageHandler,
} from '@nestjs/common';
import { ApplicationConfig, ModulesContainer } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import type { WebSocketConnection } from '../connection/web-socket-connection.js';
import { GuardRunner } from '../guards/guard-runner.js';
import { HandshakeContext } from '../handshake/handshake-context.js';
import { handshakeOf, registerHandshakes } from '../handshake/register-handshakes.js';
import { exploreEventHandlers } from './direct-handlers.js';
import { EventLane } from './event-lane.js';
import { type Gateway, GatewayExplorer, gatewayPath } from './gateway-explorer.js';
import { GatewayServer } from './gateway-server.js';
import type { GatewayOptions } from './gateway.interfaces.js';
import { hideLifecycleHooks } from './lifecycle-hooks.js';

type BindClient = (socket: WebSocketConnection) => void;

interface BoundGateway {
  readonly showHooks: () => void;
  /** Whether some event has a handler that Nest has to call. */
  readonly needsNest: boolean;
}

/** What Nest gives an adapter of a gateway's options. */
type AdapterOptions = GatewayOptions & { readonly namespace?: unknown };

/**
 * Serves the gateways of an application on its Fastify server, over HTTP/1.1 and HTTP/2, instead
 * of Nest's `WsAdapter`. The application must import `WebSocketsModule`.
 *
 * ```ts
 * app.useWebSocketAdapter(new WebSocketAdapter(app));
 * ```
 */
export class WebSocketAdapter implements NestWebSocketAdapter<
  GatewayServer,
  WebSocketConnection,
  AdapterOptions
> {
  private readonly fastify: FastifyInstance;
  private readonly context: HandshakeContext;
  private readonly explorer: GatewayExplorer;
  private readonly config: ApplicationConfig;
  private readonly gateways = new Map<GatewayServer, BoundGateway>();
  private readonly lanes = new Map<string, EventLane>();

  constructor(app: INestApplication) {
    this.fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
    this.context = app.get(HandshakeContext);
    this.config = app.get(ApplicationConfig);
    this.explorer = new GatewayExplorer(app.get(ModulesContainer), this.config);
    registerHandshakes(this.fastify, this.context);
  }

  create(port: number, options: AdapterOptions = {}): GatewayServer {
    const { path, subprotocols = [], namespace, ...overrides } = options;
    if (port !== 0) throw new Error(`A gateway cannot have the port ${port}: all share one`);
    if (namespace !== undefined) throw new Error('A gateway cannot have a namespace: use a path');
    const gateway = this.explorer.find(gatewayPath(path));
    const { direct, hasOthers } = exploreEventHandlers(gateway.instance, this.config);
    const lane = new EventLane(direct);
    const server = new GatewayServer(
      gateway.path,
      subprotocols,
      gateway.instance,
      lane,
      this.context.registry,
      { ...this.context.webSocketOptions, ...overrides },
    );
    this.addRoute(gateway, server);
    this.lanes.set(gateway.path, lane);
    this.gateways.set(server, {
      showHooks: hideLifecycleHooks(gateway.instance),
      needsNest: hasOthers,
    });
    return server;
  }

  bindClientConnect(server: GatewayServer, bindClient: BindClient): void {
    const { showHooks, needsNest } = this.gateways.get(server)!;
    showHooks();
    if (needsNest) server.onBindEvents(bindClient);
  }

  bindMessageHandlers(
    socket: WebSocketConnection,
    handlers: WsMessageHandler[],
    transform: (data: unknown) => Observable<unknown>,
  ): void {
    this.lanes.get(socket.path)?.bind(socket, handlers, transform);
  }

  /** The registry closes the connections, before Nest calls this. */
  close(): void {}

  /** Nest asks every adapter for it; there is nothing that outlives the server. */
  dispose(): void {}

  private addRoute(gateway: Gateway, server: GatewayServer): void {
    let guards: GuardRunner;
    this.fastify.addHook('onReady', async () => {
      await gateway.instance.afterInit?.(server);
      guards = new GuardRunner(
        await this.explorer.guardsOf(gateway),
        gateway.metatype,
        (gateway.instance.handleConnection ?? gateway.metatype) as () => unknown,
      );
    });
    this.fastify.all(server.path, async (request: FastifyRequest, reply: FastifyReply) => {
      assertMethod(request, reply);
      const handshake = handshakeOf(request, reply);
      handshake.assertWebSocketRequest();
      await guards.run(request, reply);
      const socket = handshake.open(server.endpoint, server.subprotocols);
      await server.connect(socket, request);
    });
  }
}

function assertMethod({ method, raw }: FastifyRequest, reply: FastifyReply): void {
  const allowed = raw.httpVersionMajor >= 2 ? ['GET', 'HEAD', 'CONNECT'] : ['GET', 'HEAD'];
  if (allowed.includes(method)) return;
  reply.header('allow', allowed.join(', '));
  throw new MethodNotAllowedException(`A WebSocket is opened by ${allowed.at(-1)}, not ${method}`);
}
