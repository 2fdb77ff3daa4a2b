import { validateHeaderName, validateHeaderValue } from 'node:http';

/** The fields of an accepting answer, as the caller of `Upgrade.accept` gives them. */
export type AcceptHeaders = Record<string, string | string[]>;

/**
 * Fields that the transport itself writes, or that neither a 101 nor a 2xx to CONNECT may carry
 * (RFC 9110, section 8.6; RFC 9112, section 6.1; RFC 9113, section 8.2.2).
 */
const reservedNames = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Checks names and values, so that no header can smuggle in a line of its own.
 *
 * @throws TypeError naming the first header that is malformed or reserved.
 */
export function assertAcceptHeaders(headers: AcceptHeaders): void {
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    if (reservedNames.has(name.toLowerCase())) {
      throw new TypeError(`The header "${name}" belongs to the connection, not to the handshake`);
    }
    for (const line of Array.isArray(value) ? value : [value]) validateHeaderValue(name, line);
  }
}
