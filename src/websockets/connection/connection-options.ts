/** How permessage-deflate is used (RFC 7692); compression of secrets over TLS invites CRIME. */
export interface CompressionOptions {
  /** Bytes; a smaller message goes uncompressed. Default 1024. */
  readonly threshold: number;
  /** Base-2 logarithm of the server's window, 9 to 15. Default 15. */
  readonly serverMaxWindowBits: number;
  /** Whether the server forgets its window after each message: less memory, worse ratio. */
  readonly serverNoContextTakeover: boolean;
}

/** What holds for one connection; every default can be overridden per gateway and per accept. */
export interface ConnectionOptions {
  /** Milliseconds of silence from the peer before a Ping; 0 = never. Default 30,000. */
  readonly keepAliveInterval: number;
  /** Milliseconds without a byte after that Ping before termination; 0 = never. Default 30,000. */
  readonly keepAliveTimeout: number;
  /** Milliseconds without a message before a close with 1001; 0 = never. Default 0. */
  readonly idleTimeout: number;
  /** Bytes of one message, also after inflating; a larger one closes with 1009. Default 1 MiB. */
  readonly maxMessageSize: number;
  /** Fragments of one message; more close with 1008. Default 131,072. */
  readonly maxFragments: number;
  /**
   * Pings and Pongs within a second without a message between them; more close with 1008. Default
   * 1000.
   */
  readonly maxControlFrames: number;
  /**
   * Bytes that may wait to be sent; above, reading stops until they are gone and a send that is no
   * reply follows `slowConsumer`. Default 1 MiB.
   */
  readonly maxBuffered: number;
  /** `close` (with 1013) or `drop` (the message, counted). Default `close`. */
  readonly slowConsumer: 'close' | 'drop';
  /** Milliseconds the peer has to answer a Close frame before termination. Default 10,000. */
  readonly closeTimeout: number;
  /** permessage-deflate, or `false` to decline it. Default `false`. */
  readonly compression: false | CompressionOptions;
}

export const defaultConnectionOptions: ConnectionOptions = {
  keepAliveInterval: 30_000,
  keepAliveTimeout: 30_000,
  idleTimeout: 0,
  maxMessageSize: 1024 * 1024,
  maxFragments: 128 * 1024,
  maxControlFrames: 1000,
  maxBuffered: 1024 * 1024,
  slowConsumer: 'close',
  closeTimeout: 10_000,
  compression: false,
};
