import type { SocketCount, SocketStatus } from './health/index.js';
import type { ConnectionRegistry } from './websockets/index.js';

/** Tells the health endpoints of the WebSocket library's connections; neither knows the other. */
export class SocketStatusOfRegistry implements SocketStatus {
  constructor(private readonly registry: ConnectionRegistry) {}

  get isDraining(): boolean {
    return this.registry.isDraining;
  }

  counts(): readonly SocketCount[] {
    return this.registry
      .counts()
      .map(({ path, httpVersion, open }) => ({ gateway: path, httpVersion, open }));
  }
}
