import { request } from './raw-client.js';
import type { Service } from './service.js';
import type { TransportName } from './transports.js';

/** How many sockets `/health` says are open on a gateway, by HTTP version. */
export async function openSockets(
  service: Service,
  gateway: string,
  transport: TransportName,
): Promise<Record<string, number>> {
  const { text } = await request(service.targetFor(transport), { path: '/health' });
  const { details } = JSON.parse(text) as {
    details: { sockets: { byGateway: Record<string, Record<string, number>> } };
  };
  return details.sockets.byGateway[gateway] ?? {};
}
