import { request } from '../support/raw-client.js';
import type { Target } from '../support/transports.js';
import { eventually } from './eventually.js';

/** What `/health` tells of the sockets. */
export interface OpenSockets {
  readonly open: number;
  /** By path, then by HTTP version. */
  readonly byGateway: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The open sockets of a service, as it tells them itself. */
export async function openSockets(target: Target): Promise<OpenSockets> {
  const health = await request(target, { path: '/health' });
  return (health.json() as { details: { sockets: OpenSockets } }).details.sockets;
}

/** The service has noticed that every client has gone. */
export async function noSocketIsOpen(target: Target): Promise<void> {
  await eventually('the service to let go of every socket', async () => {
    const { open } = await openSockets(target);
    return open === 0;
  });
}
