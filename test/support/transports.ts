/** The four ways a client can reach Wren; a behaviour suite runs `describe.each(transports)`. */
export const transports = ['h1', 'h1-tls', 'h2-tls', 'h2c'] as const;

/**
 * `h1`: HTTP/1.1 Upgrade on the plain port; `h1-tls`: the same over TLS; `h2-tls`: HTTP/2 extended
 * CONNECT chosen by ALPN; `h2c`: HTTP/2 with prior knowledge on the plain port.
 */
export type TransportName = (typeof transports)[number];

/** Where a client connects to and how. */
export interface Target {
  readonly transport: TransportName;
  readonly port: number;
  /** Default: 127.0.0.1. */
  readonly host?: string;
}

export const isTls = (transport: TransportName): boolean =>
  transport === 'h1-tls' || transport === 'h2-tls';

export const isHttp2 = (transport: TransportName): boolean =>
  transport === 'h2-tls' || transport === 'h2c';

export const hostOf = (target: Target): string => target.host ?? '127.0.0.1';

/** `host:port`, as it stands in Host or `:authority`. */
export const authorityOf = (target: Target): string => `${hostOf(target)}:${target.port}`;

/** `http://host:port` or `https://host:port`. */
export const originOf = (target: Target): string =>
  `${isTls(target.transport) ? 'https' : 'http'}://${authorityOf(target)}`;
