import type { Socket } from 'node:net';
import { lingeringCloseOnceWritten } from './lingering-close.js';
import type { Transport } from './transport.js';

/** A WebSocket that has the whole connection for itself. */
export class Http1Transport implements Transport {
  private ending = false;

  constructor(readonly stream: Socket) {}

  end(lingerMs: number): void {
    if (this.ending || this.stream.destroyed) return;
    this.ending = true;
    lingeringCloseOnceWritten(this.stream, lingerMs);
  }

  abort(): void {
    this.stream.destroy();
  }
}
