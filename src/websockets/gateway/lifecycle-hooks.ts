import type { GatewayInstance } from './gateway.interfaces.js';

const HOOKS = ['afterInit', 'handleConnection', 'handleDisconnect'] as const;

/**
 * Hides the lifecycle hooks of a gateway while Nest binds it. Nest calls them without looking at
 * what they return, so that a rejection would end the process; the library calls them itself.
 *
 * @returns makes them visible again
 */
export function hideLifecycleHooks(gateway: GatewayInstance): () => void {
  const own = HOOKS.map((name) => Object.getOwnPropertyDescriptor(gateway, name));
  for (const name of HOOKS) {
    Object.defineProperty(gateway, name, { value: undefined, configurable: true });
  }
  return () => {
    HOOKS.forEach((name, index) => {
      const descriptor = own[index];
      if (descriptor === undefined) delete gateway[name];
      else Object.defineProperty(gateway, name, descriptor);
    });
  };
}
