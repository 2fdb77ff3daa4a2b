import type { CanActivate, Type } from '@nestjs/common';

const HANDSHAKE_GUARDS = Symbol('handshake guards');

export type HandshakeGuard = CanActivate | Type<CanActivate>;

/**
 * Guards that run before the handshake of a gateway is answered, in this order, after the global
 * ones. They are ordinary guards: made by Nest with their dependencies, called with an HTTP
 * execution context. `false` answers 403, an `HttpException` answers as it says.
 */
export function UseHandshakeGuards(...guards: HandshakeGuard[]): ClassDecorator {
  return (target) => {
    const all = [...handshakeGuardsOf(target), ...guards];
    Reflect.defineMetadata(HANDSHAKE_GUARDS, all, target);
  };
}

export function handshakeGuardsOf(gateway: object): readonly HandshakeGuard[] {
  return (Reflect.getMetadata(HANDSHAKE_GUARDS, gateway) as HandshakeGuard[] | undefined) ?? [];
}
