export const Opcode = { Text: 1, Binary: 2, Close: 8, Ping: 9, Pong: 10 } as const;

/** One mask for all frames: a server has to unmask, whatever the mask. */
const MASK = [0x37, 0xfa, 0x21, 0x3d];

const FIN = 0x80;
const MASKED = 0x80;

/** The most that a header without a mask takes. */
export const MAX_HEADER_BYTES = 10;

/** A whole frame as a server sends it. */
export function serverFrame(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([header(FIN | opcode, payload.length, 0), payload]);
}

/** A whole frame as a client sends it, masked. */
export function clientFrame(opcode: number, payload: Buffer, reservedBits = 0): Buffer {
  const masked = Buffer.from(payload);
  for (let index = 0; index < masked.length; index++) masked[index] ^= MASK[index & 3];
  const start = header(FIN | reservedBits | opcode, payload.length, MASKED);
  return Buffer.concat([start, Buffer.from(MASK), masked]);
}

function header(first: number, length: number, maskBit: number): Buffer {
  if (length < 126) return Buffer.from([first, maskBit | length]);
  if (length < 65_536) return Buffer.from([first, maskBit | 126, length >> 8, length & 0xff]);
  const bytes = Buffer.alloc(MAX_HEADER_BYTES);
  bytes[0] = first;
  bytes[1] = maskBit | 127;
  bytes.writeBigUInt64BE(BigInt(length), 2);
  return bytes;
}

/** The Pongs that answer the Pings in a chunk of an idle socket, where frames come whole. */
export function pongsFor(chunk: Buffer): Buffer[] {
  const pongs: Buffer[] = [];
  for (let at = 0; at + 2 <= chunk.length; at += 2 + chunk[at + 1]) {
    if ((chunk[at] & 0x0f) !== Opcode.Ping) continue;
    pongs.push(clientFrame(Opcode.Pong, chunk.subarray(at + 2, at + 2 + chunk[at + 1])));
  }
  return pongs;
}
