/** A whole message, as `receive()` gives it. */
export class WebSocketMessage {
  constructor(
    readonly data: Buffer,
    readonly isBinary: boolean,
  ) {}

  /** The data as UTF-8 text. */
  toString(): string {
    return this.data.toString('utf8');
  }
}
