/** The host a request was sent to, as its client names it. */
export interface RequestTarget {
  /** `http` or `https`. */
  readonly protocol: string;
  /** Host with port, if it was named. */
  readonly host: string;
}

/** Which origins may open a WebSocket (RFC 6455, section 10.2). */
export class OriginPolicy {
  private readonly exact: ReadonlySet<string>;
  private readonly wildcards: readonly { prefix: string; suffix: string }[];

  /** @param allowed entries as `parseAllowedOrigins` gives them */
  constructor(allowed: readonly string[]) {
    this.exact = new Set(allowed);
    this.wildcards = allowed
      .filter((entry) => entry.includes('//*.'))
      .map((entry) => {
        const [prefix = '', suffix = ''] = entry.split('*');
        return { prefix, suffix };
      });
  }

  /** @param headers all Origin headers of the request */
  allows(headers: readonly string[], target: RequestTarget): boolean {
    const [header] = headers;
    if (header === undefined || this.exact.has('*')) return true;
    if (headers.length > 1) return false;
    const origin = normalize(header);
    if (origin === undefined) return false;
    if (this.exact.has(origin)) return true;
    if (this.exact.has('self') && origin === normalize(`${target.protocol}://${target.host}`)) {
      return true;
    }
    return this.wildcards.some(
      ({ prefix, suffix }) =>
        origin.startsWith(prefix) &&
        origin.endsWith(suffix) &&
        origin.length > prefix.length + suffix.length,
    );
  }
}

/** As browsers write it: lower case, no default port; undefined if it is no origin (RFC 6454, 6). */
function normalize(origin: string): string | undefined {
  const lower = origin.toLowerCase();
  if (!/^[a-z][a-z\d+.-]*:\/\/[^/?#@\\*\s,]+$/.test(lower)) return undefined;
  if (!/^https?:/.test(lower)) return lower;
  return URL.canParse(lower) ? new URL(lower).origin : undefined;
}
