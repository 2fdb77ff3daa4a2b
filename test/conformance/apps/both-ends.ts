import type { WebSocketConnection } from '../../../src/websockets/index.js';
import type { TestApps } from '../../apps/events-test-app.js';
import { connect, type ConnectOptions, type RawSocket } from '../../support/raw-client.js';
import { isHttp2, type TransportName } from '../../support/transports.js';
import { Accepted } from './checklist.app.js';

export interface BothEnds {
  readonly client: RawSocket;
  readonly server: WebSocketConnection;
}

/** A socket with both of its ends, of which the server's is in this process. */
export async function bothEnds(
  apps: TestApps,
  transport: TransportName,
  options?: ConnectOptions,
): Promise<BothEnds> {
  const accepted = apps.appFor(transport).get(Accepted);
  accepted.forget();
  const client = await connect(apps.targetFor(transport), '/accept', options);
  return { client, server: await accepted.next() };
}

/** How a server ends a socket after the closing handshake. */
export const cleanEnd = (transport: TransportName): { how: 'end_stream' | 'fin' } => ({
  how: isHttp2(transport) ? 'end_stream' : 'fin',
});
