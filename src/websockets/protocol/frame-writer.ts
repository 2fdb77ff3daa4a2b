import { Opcode } from './opcode.js';

const FIN = 0x80;
const RSV1 = 0x40;

/** Bytes of the header of an unmasked frame (RFC 6455, section 5.2). */
export function headerSize(payloadLength: number): 2 | 4 | 10 {
  return payloadLength < 126 ? 2 : payloadLength < 65536 ? 4 : 10;
}

/** Writes the header of an unfragmented, unmasked frame; `headerSize` bytes from `at` on. */
export function writeHeader(
  target: Buffer,
  at: number,
  opcode: Opcode,
  payloadLength: number,
  isCompressed: boolean,
): void {
  target[at] = FIN | (isCompressed ? RSV1 : 0) | opcode;
  if (payloadLength < 126) {
    target[at + 1] = payloadLength;
  } else if (payloadLength < 65536) {
    target[at + 1] = 126;
    target[at + 2] = payloadLength >> 8;
    target[at + 3] = payloadLength & 0xff;
  } else {
    target[at + 1] = 127;
    target.writeUInt32BE(Math.floor(payloadLength / 2 ** 32), at + 2);
    target.writeUInt32BE(payloadLength % 2 ** 32, at + 6);
  }
}

/** A whole unmasked frame of its own. */
export function encodeFrame(opcode: Opcode, payload: Uint8Array, isCompressed = false): Buffer {
  const size = headerSize(payload.length);
  const frame = Buffer.allocUnsafe(size + payload.length);
  writeHeader(frame, 0, opcode, payload.length, isCompressed);
  frame.set(payload, size);
  return frame;
}
