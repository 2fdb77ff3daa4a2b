import { deflateRawSync } from 'node:zlib';
import { clientFrame, Opcode, serverFrame } from './frame.js';
import type { Encoding, Target, Traffic } from './job.js';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -';

/** The data of an event whose envelope alone is larger than the payload that is asked for. */
const LEAST_EVENT_DATA = 16;

/** What the text around an event's data is. */
const ENVELOPES: Record<Exclude<Encoding, 'binary'>, readonly [string, string]> = {
  event: ['{"event":"echo","data":"', '"}'],
  'socket.io': ['42["echo","', '"]'],
};

/** RFC 7692, section 7.2.1: the end of each compressed message, which is not sent. */
const DEFLATE_TAIL_BYTES = 4;

/** One message, encoded once: what is sent again and again, and what has to come back. */
export interface EncodedMessage {
  /** As many frames as are in flight on a connection. */
  readonly burst: Buffer;
  /** What comes back for each of them. */
  readonly reply: Buffer;
  /** Bytes at the reply's start that are looked at in any case. */
  readonly headerBytes: number;
}

export function encodeMessage(target: Target, { payloadBytes, inFlight }: Traffic): EncodedMessage {
  const payload = payloadOf(target.encoding, payloadBytes);
  const opcode = opcodeOf(target.encoding);
  const request = clientFrame(opcode, payload);
  // A TCP echo gives the masked frame back.
  const reply = target.transport === 'tcp' ? request : serverFrame(opcode, payload);
  return {
    burst: Buffer.concat(Array.from({ length: inFlight }, () => request)),
    reply,
    headerBytes: reply.length - payload.length,
  };
}

/** A burst of compressed messages, each of which can be inflated on its own. */
export function compressedBurst(payload: Buffer, inFlight: number): Buffer {
  const deflated = deflateRawSync(payload, { finishFlush: 2 /* Z_SYNC_FLUSH */ });
  const frame = clientFrame(Opcode.Text, deflated.subarray(0, -DEFLATE_TAIL_BYTES), 0x40);
  return Buffer.concat(Array.from({ length: inFlight }, () => frame));
}

/** Text that compresses as JSON of a real service does: to a quarter or a third. */
export function compressiblePayload(bytes: number): Buffer {
  const random = pseudoRandom();
  let text = '';
  while (text.length < bytes) {
    text += `{"id":${random() >>> 8},"symbol":"${letters(random, 4)}","price":${(random() >>> 20) / 100},"open":true},`;
  }
  return Buffer.from(text.slice(0, bytes));
}

function opcodeOf(encoding: Encoding): number {
  return encoding === 'binary' ? Opcode.Binary : Opcode.Text;
}

function payloadOf(encoding: Encoding, bytes: number): Buffer {
  const random = pseudoRandom();
  if (encoding === 'binary')
    return Buffer.from(Array.from({ length: bytes }, () => random() >>> 11));
  const [before, after] = ENVELOPES[encoding];
  const rest = bytes - before.length - after.length;
  return Buffer.from(before + letters(random, rest > 0 ? rest : LEAST_EVENT_DATA) + after);
}

function letters(random: () => number, length: number): string {
  return Array.from({ length }, () => ALPHABET[random() & 63]).join('');
}

/** The same bytes in every run: Marsaglia's xorshift32. */
function pseudoRandom(): () => number {
  let state = 2_463_534_242;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
}
