/** A host that any number of labels may precede: `https://*.example.com`. */
const WILDCARD_HOST = /^(https?:\/\/)\*\.(.+)$/;

/** Schemes of web content that is no web page: browser extensions, Capacitor, Electron. */
const OTHER_ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[a-z\d.-]+(:\d{1,5})?$/;

/** Schemes that no browser names in an Origin: a file is `null`, a WebSocket's is its page's. */
const NEVER_SENT = /^(file|wss?):/;

/**
 * Reads a comma list of origins into the form in which browsers send them: lower case, punycode,
 * no default port. `undefined` when an entry is neither `self`, `*` nor an origin; an origin has no
 * path, not even `/`.
 */
export function parseAllowedOrigins(text: string): readonly string[] | undefined {
  const origins = text.split(',').map((entry) => parseEntry(entry.trim()));
  return origins.every((origin) => origin !== undefined) ? origins : undefined;
}

function parseEntry(entry: string): string | undefined {
  const lower = entry.toLowerCase();
  if (lower === 'self' || lower === '*') return lower;
  const [, scheme, parent] = WILDCARD_HOST.exec(lower) ?? [];
  // any label stands in for the asterisk, so that the rest is held to the same rules as a host
  if (parent) return parseWebOrigin(`${scheme}x.${parent}`)?.replace('//x.', '//*.');
  if (/^https?:/.test(lower)) return parseWebOrigin(lower);
  return OTHER_ORIGIN.test(lower) && !NEVER_SENT.test(lower) ? lower : undefined;
}

function parseWebOrigin(text: string): string | undefined {
  // whatever may follow host and port, and what the URL parser would quietly drop or repair
  if (!/^https?:\/\/[^/?#@\\*\s]+$/.test(text) || text.endsWith(':')) return undefined;
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
