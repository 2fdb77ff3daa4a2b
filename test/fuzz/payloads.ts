import type { Random } from './random.js';

/** Where something changes: the forms of a length, the sizes of buffers, the limit itself. */
const SIZES = [
  [12, [0, 1, 2, 3, 4, 7, 8, 23, 24, 25, 31, 32, 33]],
  [8, [124, 125, 126, 127, 128, 500, 1000, 1024]],
  [3, [4095, 4096, 16_383, 16_384, 16_385]],
  [1, [65_534, 65_535, 65_536, 65_537, 100_000]],
] as const;

/** The maximum that both servers have, and one byte more. */
export const MAX_MESSAGE_SIZE = 1024 * 1024;

/** Code points at the borders of the four lengths, of the surrogates, and of all. */
const CODE_POINTS = [
  0x00, 0x41, 0x7f, 0x80, 0xff, 0x7ff, 0x800, 0xfff, 0x1000, 0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xfffe,
  0xffff, 0x1_0000, 0x1_f600, 0xf_ffff, 0x10_0000, 0x10_ffff,
];

/** What no UTF-8 text holds, one for each reason. */
const NOT_UTF8 = [
  [0x80],
  [0xbf],
  [0xc0, 0x80],
  [0xc1, 0xbf],
  [0xc3],
  [0xe0, 0x9f, 0xbf],
  [0xe2, 0x82],
  [0xed, 0xa0, 0x80],
  [0xed, 0xbf, 0xbf],
  [0xf0, 0x8f, 0xbf, 0xbf],
  [0xf0, 0x9f, 0x98],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0xfe],
  [0xff],
].map((bytes) => Buffer.from(bytes));

export function randomSize(random: Random): number {
  if (random.chance(0.002)) return MAX_MESSAGE_SIZE + random.pick([-1, 0, 1]);
  return random.pick(random.weighted<readonly number[]>(SIZES));
}

/** Valid UTF-8 of about so many bytes. */
export function randomText(random: Random, size: number): Buffer {
  if (size > 64) return Buffer.alloc(size, 'Wren ');
  const points: number[] = [];
  for (let left = size; left > 0; left -= 2) points.push(random.pick(CODE_POINTS));
  return Buffer.from(String.fromCodePoint(...points));
}

/** Text with something in it that is no UTF-8. */
export function brokenText(random: Random): Buffer {
  return Buffer.concat([
    randomText(random, random.between(0, 8)),
    random.pick(NOT_UTF8),
    randomText(random, random.between(0, 8)),
  ]);
}

export function randomBinary(random: Random, size: number): Buffer {
  return size > 1024 ? Buffer.alloc(size, random.bytes(61)) : random.bytes(size);
}

const CLOSE_CODES = [
  999, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1011, 1014, 1015, 1016, 1100, 2999,
  3000, 3999, 4000, 4999, 5000, 65_535, 0,
];

/** The payload of a Close frame, right or wrong. */
export function randomClosePayload(random: Random): Buffer {
  const code = Buffer.alloc(2);
  code.writeUInt16BE(random.chance(0.5) ? 1000 : random.pick(CLOSE_CODES));
  return random.weighted<() => Buffer>([
    [2, () => Buffer.alloc(0)],
    [1, () => random.bytes(1)],
    [3, () => code],
    [3, () => Buffer.concat([code, randomText(random, random.between(0, 40))])],
    [1, () => Buffer.concat([code, brokenText(random)])],
    [1, () => Buffer.concat([code, Buffer.alloc(random.pick([122, 123, 124]), 'x')])],
  ])();
}
