import type { ThirdPartyClient } from './third-party/client.js';
import { undiciClient } from './third-party/undici-client.js';
import { wsClient } from './third-party/ws-client.js';
import { transports } from './transports.js';

export type { ThirdPartyClient, ThirdPartySocket } from './third-party/client.js';

/** The clients that people use, each with every transport it has: for `describe.each`. */
export const thirdPartyClients: readonly ThirdPartyClient[] = [
  wsClient('h1'),
  wsClient('h1-tls'),
  ...transports.map(undiciClient),
];
