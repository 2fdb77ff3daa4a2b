import { randomBytes } from 'node:crypto';
import { Opcode } from './frame.js';

/** A frame to send. Anything can be wrong in it: that is what it is for. */
export interface OutgoingFrame {
  /** Default: true. */
  readonly fin?: boolean;
  readonly rsv1?: boolean;
  readonly rsv2?: boolean;
  readonly rsv3?: boolean;
  /** Any of the 16 values; default: text. */
  readonly opcode?: number;
  readonly payload?: string | Uint8Array;
  /** Four bytes; `false` sends the frame unmasked; default: random. */
  readonly mask?: Uint8Array | false;
  /** Bits of the length field, whether that is the shortest form or not; default: the shortest. */
  readonly lengthEncoding?: LengthEncoding;
  /** The length that the head claims; default: the payload's own. */
  readonly declaredLength?: number | bigint;
}

export type LengthEncoding = 7 | 16 | 64;

/** The bytes of one frame. */
export function encodeFrame(frame: OutgoingFrame): Buffer {
  const payload = Buffer.from(frame.payload ?? '');
  const mask = frame.mask ?? randomBytes(4);
  const head = Buffer.concat([
    Buffer.of(firstByte(frame)),
    lengthField(BigInt(frame.declaredLength ?? payload.length), frame.lengthEncoding),
  ]);
  if (mask === false) return Buffer.concat([head, payload]);
  if (mask.length !== 4) throw new RangeError(`a mask has 4 bytes, not ${mask.length}`);
  head[1] |= 0x80;
  return Buffer.concat([head, mask, masked(payload, mask)]);
}

/** The payload of a Close frame: empty without a code. */
export function closePayload(code?: number, reason = ''): Buffer {
  if (code === undefined) return Buffer.alloc(0);
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return payload;
}

function firstByte({ fin = true, rsv1, rsv2, rsv3, opcode = Opcode.Text }: OutgoingFrame): number {
  if (opcode < 0 || opcode > 0xf) throw new RangeError(`an opcode has 4 bits: ${opcode}`);
  return (
    (fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | (rsv2 ? 0x20 : 0) | (rsv3 ? 0x10 : 0) | (opcode & 0xf)
  );
}

function lengthField(length: bigint, encoding = shortestEncoding(length)): Buffer {
  if (encoding === 7) {
    if (length > 125n) throw new RangeError(`a length of ${length} does not fit 7 bits`);
    return Buffer.of(Number(length));
  }
  if (encoding === 16) {
    const field = Buffer.of(126, 0, 0);
    field.writeUInt16BE(Number(length), 1);
    return field;
  }
  const field = Buffer.alloc(9, 0);
  field[0] = 127;
  field.writeBigUInt64BE(length, 1);
  return field;
}

function shortestEncoding(length: bigint): LengthEncoding {
  if (length <= 125n) return 7;
  return length <= 0xffffn ? 16 : 64;
}

function masked(payload: Buffer, mask: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(payload.length);
  for (let i = 0; i < payload.length; i++) bytes[i] = payload[i] ^ mask[i & 3];
  return bytes;
}
