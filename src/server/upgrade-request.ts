import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { Upgrade } from './transport.js';

/** A property of the request rather than a WeakMap: an entry there costs more, per idle socket. */
const upgradeProperty = Symbol('upgrade');

type AnyRequest = (IncomingMessage | Http2ServerRequest) & { [upgradeProperty]?: Upgrade };

/** What the request asks for beside a response: undefined for a plain request. */
export function upgradeOf(request: IncomingMessage | Http2ServerRequest): Upgrade | undefined {
  return (request as AnyRequest)[upgradeProperty];
}

/** Makes `upgradeOf(request)` answer `upgrade`. */
export function attachUpgrade(
  request: IncomingMessage | Http2ServerRequest,
  upgrade: Upgrade,
): void {
  (request as AnyRequest)[upgradeProperty] = upgrade;
}
