/** Takes what came for a socket: `chunk` from `start` to `end`, valid during the call only. */
export type Receive = (chunk: Buffer, start: number, end: number) => void;

/** One open WebSocket (or TCP connection) of the generator. */
export interface Channel {
  /** To be set by whoever uses the channel. */
  receive: Receive;

  /** What the server answered as `Sec-WebSocket-Extensions`. */
  readonly extensions: string;

  /** @returns sends the bytes: encoded for the transport once, sent often */
  prepare(bytes: Buffer): () => void;

  destroy(): void;
}

export interface ChannelOptions {
  /** `Sec-WebSocket-Extensions` to offer. */
  readonly extensions?: string;

  /** Called when the connection fails or is closed by the server. */
  readonly onFailure: (error: Error) => void;
}

export function ignoreBytes(): void {}
