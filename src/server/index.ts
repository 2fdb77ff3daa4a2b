export { createOnePortServer } from './one-port-server.js';
export type {
  OnePortServer,
  OnePortServerOptions,
  RequestHandler,
  TlsCredentials,
} from './one-port-server-options.js';
export type { Transport, Upgrade } from './transport.js';
export { upgradeOf } from './upgrade-request.js';
