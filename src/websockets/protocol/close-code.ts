/** Close codes (RFC 6455, section 7.4.1, and the IANA registry it founded). */
export const CloseCode = {
  Normal: 1000,
  GoingAway: 1001,
  ProtocolError: 1002,
  UnsupportedData: 1003,
  /** Never on the wire: the Close frame had no code. */
  NoStatus: 1005,
  /** Never on the wire: there was no Close frame. */
  Abnormal: 1006,
  InvalidPayload: 1007,
  PolicyViolation: 1008,
  MessageTooBig: 1009,
  MandatoryExtension: 1010,
  InternalError: 1011,
  ServiceRestart: 1012,
  TryAgainLater: 1013,
  BadGateway: 1014,
} as const;

/** A Close frame's payload is at most 125 bytes, two of which are the code (RFC 6455, 5.5). */
const MAX_REASON_BYTES = 123;

/** Whether a Close frame may carry this code (RFC 6455, section 7.4.2). */
export function isValidCloseCode(code: number): boolean {
  if (!Number.isInteger(code)) return false;
  if (code >= 3000 && code <= 4999) return true;
  return (
    code >= CloseCode.Normal &&
    code <= CloseCode.BadGateway &&
    code !== 1004 &&
    code !== CloseCode.NoStatus &&
    code !== CloseCode.Abnormal
  );
}

/** @throws RangeError if the code must not be sent; the message lists what is allowed */
export function assertCloseCode(code: number): void {
  if (!isValidCloseCode(code)) {
    throw new RangeError(
      `Close code ${code} must not be sent: use 1000-1003, 1007-1014 or 3000-4999`,
    );
  }
}

/** The payload of a Close frame; the reason is cut at 123 bytes, on a character boundary. */
export function encodeClose(code: number, reason: string): Buffer {
  const text = Buffer.from(reason, 'utf8');
  let length = Math.min(text.length, MAX_REASON_BYTES);
  const isContinuationByte = (byte: number | undefined) =>
    byte !== undefined && (byte & 0xc0) === 0x80;
  while (length < text.length && isContinuationByte(text[length])) length--;
  const payload = Buffer.allocUnsafe(2 + length);
  payload.writeUInt16BE(code, 0);
  text.copy(payload, 2, 0, length);
  return payload;
}
