/** The peer broke a rule of RFC 6455 or a limit; `closeCode` is what the Close frame will say. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';

  constructor(
    readonly closeCode: number,
    message: string,
  ) {
    super(message);
  }
}
