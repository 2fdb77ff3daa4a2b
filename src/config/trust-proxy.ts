import { isIP } from 'node:net';

/** Says whether the address so many hops before this server is a trusted proxy. */
export type TrustFunction = (address: string, hop: number) => boolean;

/** What Fastify's `trustProxy` takes; the string is a comma list of addresses. */
export type TrustProxy = boolean | string | TrustFunction;

/** The sets of addresses that Fastify knows by name. */
const NAMED_RANGES: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

/**
 * Reads `true`, `false`, a hop count or a comma list of IP addresses, CIDR blocks and named ranges;
 * `undefined` when it is none of these.
 *
 * Fastify 5 trusts nobody when it is given a bare number, since a client that reaches the port past
 * the proxy could then forge its address. The hop count is kept for those who know that none can: it
 * becomes the function that Fastify asks for.
 */
export function parseTrustProxy(text: string): TrustProxy | undefined {
  const lower = text.toLowerCase();
  if (lower === 'true' || lower === 'false') return lower === 'true';
  if (/^\d{1,3}$/.test(lower)) return trustHops(Number(lower));
  const entries = lower.split(',').map((entry) => entry.trim());
  return entries.every(isAddressRange) ? entries.join(',') : undefined;
}

function trustHops(count: number): TrustProxy {
  return count > 0 && ((_address, hop) => hop < count);
}

function isAddressRange(entry: string): boolean {
  if (NAMED_RANGES.has(entry)) return true;
  const [address, prefix, ...rest] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  // Fastify refuses /0: that is what `true` is for
  return /^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}
