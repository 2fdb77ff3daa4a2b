import { MetadataScanner, type ApplicationConfig } from '@nestjs/core';
import type { NestGateway } from '@nestjs/websockets/interfaces/nest-gateway.interface.js';
import { PARAM_ARGS_METADATA } from '@nestjs/websockets/constants.js';
import { GatewayMetadataExplorer } from '@nestjs/websockets/gateway-metadata-explorer.js';
import type { WebSocketConnection } from '../connection/web-socket-connection.js';
import type { GatewayInstance } from './gateway.interfaces.js';

/** A method of a gateway that subscribes to an event, called without anything of Nest's between. */
export type DirectHandler = (socket: WebSocketConnection, data: unknown) => unknown;

/** What `@UseGuards`, `@UseInterceptors`, `@UsePipes` and `@UseFilters` leave on a class or method. */
const ENHANCERS = ['__guards__', '__interceptors__', '__pipes__', '__exceptionFilters__'];

/** `@ConnectedSocket()` and `@MessageBody()`, in Nest's numbering of parameters. */
const SOCKET = '0';
const PAYLOAD = '3';

interface Parameter {
  readonly index: number;
  readonly data?: unknown;
  readonly pipes: readonly unknown[];
  readonly schema?: unknown;
}

export interface EventHandlers {
  /** By event; the others have to be called by Nest. */
  readonly direct: ReadonlyMap<string, DirectHandler>;
  readonly hasOthers: boolean;
}

/**
 * Tells the handlers of a gateway in front of which stand no guard, interceptor, pipe or filter, and
 * that take nothing but the socket and the whole payload, from those that need Nest.
 */
export function exploreEventHandlers(
  gateway: GatewayInstance,
  config: ApplicationConfig,
): EventHandlers {
  const methods = new GatewayMetadataExplorer(new MetadataScanner()).explore(
    gateway as unknown as NestGateway,
  );
  const direct = new Map<string, DirectHandler>();
  if (!hasGlobalEnhancers(config) && !hasEnhancers(gateway.constructor)) {
    for (const { message, methodName, callback } of methods) {
      const handler = hasEnhancers(callback)
        ? undefined
        : bindParameters(gateway, methodName, callback);
      if (handler !== undefined) direct.set(String(message), handler);
    }
  }
  return { direct, hasOthers: direct.size < methods.length };
}

function bindParameters(
  gateway: GatewayInstance,
  methodName: string,
  method: (...args: unknown[]) => unknown,
): DirectHandler | undefined {
  const parameters = Reflect.getMetadata(PARAM_ARGS_METADATA, gateway.constructor, methodName) as
    Record<string, Parameter> | undefined;
  if (parameters === undefined) return (socket, data) => method.call(gateway, socket, data);

  const order: string[] = [];
  for (const [key, { index, data, pipes, schema }] of Object.entries(parameters)) {
    const [type = ''] = key.split(':');
    if (type !== SOCKET && type !== PAYLOAD) return undefined;
    if (data !== undefined || schema !== undefined || pipes.length > 0) return undefined;
    order[index] = type;
  }
  if (order.length === 1 && order[0] === PAYLOAD) return (_, data) => method.call(gateway, data);
  return (socket, data) =>
    method.apply(
      gateway,
      Array.from(order, (type) => (type === SOCKET ? socket : type === PAYLOAD ? data : null)),
    );
}

function hasEnhancers(target: object): boolean {
  return ENHANCERS.some((key) => Reflect.hasMetadata(key, target));
}

function hasGlobalEnhancers(config: ApplicationConfig): boolean {
  return [
    config.getGlobalGuards(),
    config.getGlobalRequestGuards(),
    config.getGlobalInterceptors(),
    config.getGlobalRequestInterceptors(),
    config.getGlobalPipes(),
    config.getGlobalRequestPipes(),
    config.getGlobalFilters(),
    config.getGlobalRequestFilters(),
  ].some((enhancers) => enhancers.length > 0);
}
