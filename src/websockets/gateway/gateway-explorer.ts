import type { CanActivate, Type } from '@nestjs/common';
import { ApplicationConfig, ModuleRef, ModulesContainer } from '@nestjs/core';
import { GATEWAY_METADATA, GATEWAY_OPTIONS } from '@nestjs/websockets/constants.js';
import { handshakeGuardsOf } from '../guards/use-handshake-guards.decorator.js';
import type { GatewayInstance, GatewayOptions } from './gateway.interfaces.js';

/** A gateway as Nest made it. */
export interface Gateway {
  readonly path: string;
  readonly instance: GatewayInstance;
  readonly metatype: Type;
  readonly moduleRef: ModuleRef;
}

/** Finds the gateways of an application, for Nest tells an adapter only their options. */
export class GatewayExplorer {
  constructor(
    private readonly modules: ModulesContainer,
    private readonly config: ApplicationConfig,
  ) {}

  /** @throws Error if no gateway or several have the path, or Nest makes one for each request */
  find(path: string): Gateway {
    const [gateway, ...others] = this.all().filter((candidate) => candidate.path === path);
    if (gateway === undefined) throw new Error(`No gateway has the path ${path}`);
    if (others.length > 0) {
      const names = [gateway, ...others].map(({ metatype }) => metatype.name).join(', ');
      throw new Error(`Several gateways have the path ${path}: ${names}; give each its own`);
    }
    return gateway;
  }

  /** The global guards and those of `@UseHandshakeGuards`, made in the gateway's module. */
  async guardsOf({ metatype, moduleRef }: Gateway): Promise<readonly CanActivate[]> {
    if (this.config.getGlobalRequestGuards().length > 0) {
      throw new Error(`Global guards of request scope cannot run on the handshake of a gateway`);
    }
    const own = await Promise.all(
      handshakeGuardsOf(metatype).map(async (guard) =>
        typeof guard === 'function' ? moduleRef.create(guard) : guard,
      ),
    );
    return [...this.config.getGlobalGuards(), ...own];
  }

  private all(): Gateway[] {
    const gateways: Gateway[] = [];
    for (const module of this.modules.values()) {
      for (const wrapper of module.providers.values()) {
        const { metatype } = wrapper;
        if (typeof metatype !== 'function' || wrapper.isNotMetatype) continue;
        if (Reflect.getMetadata(GATEWAY_METADATA, metatype) !== true) continue;
        const options = Reflect.getMetadata(GATEWAY_OPTIONS, metatype) as GatewayOptions;
        if (!wrapper.isDependencyTreeStatic()) {
          throw new Error(`The gateway ${metatype.name} must not be of request scope`);
        }
        gateways.push({
          path: gatewayPath(options.path),
          instance: wrapper.instance as GatewayInstance,
          metatype: metatype as Type,
          moduleRef: module.providers.get(ModuleRef)!.instance as ModuleRef,
        });
      }
    }
    return gateways;
  }
}

/** With a leading slash and no trailing one. */
export function gatewayPath(path = '/'): string {
  return `/${path.replace(/^\/+|\/+$/g, '')}`;
}
