import { connect, type ConnectOptions, HandshakeRefused } from '../support/raw-client.js';
import type { Target } from '../support/transports.js';

export interface Attempt extends Pick<ConnectOptions, 'headers' | 'authority'> {
  /** Default: /ws. */
  readonly path?: string;
  /** Several: as many headers. Default: no header. */
  readonly origin?: string | readonly string[];
}

/** Opens a socket as a page of that origin does: `open`, or the status of the refusal. */
export async function attempt(target: Target, attempted: Attempt = {}): Promise<'open' | number> {
  const { path = '/ws', origin, headers, ...options } = attempted;
  try {
    const socket = await connect(target, path, {
      ...options,
      headers: { ...headers, ...(origin !== undefined && { Origin: origin }) },
    });
    socket.destroy();
    return 'open';
  } catch (error) {
    if (error instanceof HandshakeRefused) return error.status;
    throw error;
  }
}
