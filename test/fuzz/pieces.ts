import { constants, deflateRawSync } from 'node:zlib';
import { encodeFrame, Opcode, type OutgoingFrame } from '../support/raw-client.js';
import {
  brokenText,
  MAX_MESSAGE_SIZE,
  randomBinary,
  randomClosePayload,
  randomSize,
  randomText,
} from './payloads.js';
import type { Random } from './random.js';

/** Some frames that belong together, as bytes. A stream is made of pieces and shrinks by them. */
export type Piece = Buffer;

/** One more than a client may send in a second without a message between. */
const CONTROL_FLOOD = 1001;

type MakePiece = (random: Random, isCompressed: boolean) => Piece;

const WEIGHTS: readonly (readonly [number, MakePiece])[] = [
  [80, (random, isCompressed) => message(random, isCompressed, 1)],
  [50, (random, isCompressed) => message(random, isCompressed, random.between(2, 6))],
  [30, (random) => control(random)],
  [4, (random) => frame(random, { opcode: Opcode.Text, payload: brokenText(random) })],
  [3, (random) => brokenInTwo(random)],
  [3, (random) => frame(random, { opcode: Opcode.Close, payload: closing(random) })],
  [3, (random) => anyFrame(random)],
  [3, (random) => padded(random)],
  [1, (random) => lie(random)],
  [1, (random) => random.bytes(random.between(1, 40))],
];

const COMPRESSED_WEIGHTS: typeof WEIGHTS = [
  ...WEIGHTS,
  [20, (random) => oddlyCompressed(random)],
  [6, (random) => corrupt(random, message(random, true, random.between(1, 3)))],
];

export function randomPiece(random: Random, isCompressed: boolean): Piece {
  return random.weighted(isCompressed ? COMPRESSED_WEIGHTS : WEIGHTS)(random, isCompressed);
}

/** So many Pings or Pongs that they are too many if they come within a second. */
export function controlFlood(random: Random): Piece {
  const ping = frame(random, { opcode: random.pick([Opcode.Ping, Opcode.Pong]) });
  return Buffer.concat(Array<Buffer>(CONTROL_FLOOD).fill(ping));
}

/** Flips a bit, or takes away or doubles some bytes, near the head as a rule. */
export function corrupt(random: Random, piece: Piece): Piece {
  const end = random.chance(0.8) ? Math.min(piece.length, 16) : piece.length;
  if (end === 0) return piece;
  const at = random.between(0, end - 1);
  const until = Math.min(piece.length, at + random.between(1, 4));
  const [before, some, after] = [
    piece.subarray(0, at),
    piece.subarray(at, until),
    piece.subarray(until),
  ];
  return random.pick([
    () => flipped(piece, at, random.between(0, 7)),
    () => Buffer.concat([before, after]),
    () => Buffer.concat([before, some, some, after]),
  ])();
}

function flipped(piece: Piece, at: number, bit: number): Piece {
  const copy = Buffer.from(piece);
  copy[at] ^= 1 << bit;
  return copy;
}

function frame(random: Random, outgoing: OutgoingFrame): Buffer {
  return encodeFrame({ mask: random.bytes(4), ...outgoing });
}

const closing = randomClosePayload;

/** A whole and correct message, with control frames between its fragments now and then. */
function message(random: Random, canCompress: boolean, fragments: number): Piece {
  const isText = random.chance(0.5);
  const size = randomSize(random);
  const data = isText ? randomText(random, size) : randomBinary(random, size);
  const isCompressed = canCompress && random.chance(0.7);
  const payload = isCompressed ? deflate(random, data) : data;
  const opcode = isText ? Opcode.Text : Opcode.Binary;
  const frames: Buffer[] = [];
  let at = 0;
  for (let index = 0; index < fragments; index++) {
    const fin = index === fragments - 1;
    const until = fin ? payload.length : random.between(at, payload.length);
    frames.push(
      frame(random, {
        fin,
        rsv1: isCompressed && index === 0,
        opcode: index === 0 ? opcode : Opcode.Continuation,
        payload: payload.subarray(at, until),
      }),
    );
    at = until;
    if (!fin && random.chance(0.3)) frames.push(control(random));
  }
  return Buffer.concat(frames);
}

function control(random: Random): Piece {
  const payload = random.bytes(random.pick([0, 1, 4, 124, 125]));
  return frame(random, { opcode: random.pick([Opcode.Ping, Opcode.Pong]), payload });
}

/** Text that is broken in its first fragment, and something else before its last. */
function brokenInTwo(random: Random): Piece {
  return Buffer.concat([
    frame(random, { fin: false, opcode: Opcode.Text, payload: brokenText(random) }),
    control(random),
    frame(random, { opcode: Opcode.Continuation, payload: randomText(random, 4) }),
  ]);
}

/** Any opcode, any bits, masked or not. */
function anyFrame(random: Random): Piece {
  return frame(random, {
    fin: random.chance(0.7),
    rsv1: random.chance(0.2),
    rsv2: random.chance(0.1),
    rsv3: random.chance(0.1),
    opcode: random.between(0, 15),
    payload: random.bytes(random.pick([0, 1, 2, 125, 126])),
    ...(random.chance(0.1) && { mask: false }),
  });
}

/** A length that is written longer than it has to be. */
function padded(random: Random): Piece {
  return frame(random, {
    opcode: random.pick([Opcode.Text, Opcode.Binary, Opcode.Ping]),
    payload: Buffer.alloc(random.pick([0, 1, 125, 126]), 'x'),
    lengthEncoding: random.pick([16, 64]),
  });
}

/** A length that is not true. */
function lie(random: Random): Piece {
  return frame(random, {
    opcode: random.pick([Opcode.Text, Opcode.Binary]),
    payload: random.bytes(random.between(0, 20)),
    declaredLength: random.pick([
      200n,
      70_000n,
      BigInt(MAX_MESSAGE_SIZE + 1),
      2n ** 53n - 1n,
      2n ** 53n,
      2n ** 63n - 1n,
      2n ** 63n,
      2n ** 64n - 1n,
    ]),
  });
}

/** What RFC 7692, section 7.2.3, allows, besides one block and a sync flush. */
function oddlyCompressed(random: Random): Piece {
  const text = randomText(random, random.between(1, 40));
  const final = Buffer.concat([deflateRawSync(text), Buffer.of(0)]);
  const payload = random.pick([
    () => final,
    () => Buffer.concat([final.subarray(0, -1), deflate(random, text)]),
    () => Buffer.concat(Array<Buffer>(random.pick([2, 17, 18])).fill(final.subarray(0, -1))),
    () => Buffer.of(0),
    () => Buffer.of(1),
    () => Buffer.alloc(0),
    () => deflate(random, text).subarray(0, -1),
    () => random.bytes(random.between(1, 12)),
    () => deflate(random, Buffer.alloc(random.pick([0, 1]) + MAX_MESSAGE_SIZE)),
  ])();
  return frame(random, { rsv1: true, opcode: random.pick([Opcode.Text, Opcode.Binary]), payload });
}

/** A message of its own (RFC 7692, section 7.2.1), as stored, fixed or dynamic blocks. */
function deflate(random: Random, data: Buffer): Buffer {
  const options = { level: random.pick([0, 1, 6]), finishFlush: constants.Z_SYNC_FLUSH };
  return data.length === 0 ? Buffer.of(0) : deflateRawSync(data, options).subarray(0, -4);
}
