import { encodeFrame, Opcode } from '../../support/raw-client.js';
import type { ConformanceCase } from '../case.js';
import { ping, text, together, gotText } from '../case.js';
import { sampleText } from '../sample.js';

const opcodes = { text: Opcode.Text, binary: Opcode.Binary, ping: Opcode.Ping } as const;

/** RFC 6455, 5.2: "the minimal number of bytes MUST be used to encode the length". */
const notMinimal: ConformanceCase[] = [
  ...[0, 1, 125].map((length) => ({ length, bits: 16 as const })),
  ...[0, 1, 125, 126, 127, 65_534, 65_535].map((length) => ({ length, bits: 64 as const })),
].map(({ length, bits }, index) => ({
  id: `1.7.${index + 1}`,
  name: `a length of ${length} in ${bits} bits`,
  send: [together(text('good'), text(sampleText(length), { lengthEncoding: bits }), ping())],
  expect: [gotText('good')],
  close: { code: 1002 },
}));

/** The length is refused, whether or not a byte of the payload ever comes. */
const topBit: ConformanceCase[] = [2n ** 63n, 2n ** 63n + 5n, 2n ** 64n - 1n].flatMap(
  (declaredLength, index) =>
    (['text', 'binary'] as const).map((kind, turn) => ({
      id: `1.8.${2 * index + turn + 1}`,
      name: `${kind} that declares 0x${declaredLength.toString(16)} bytes, no payload`,
      send: [encodeFrame({ opcode: opcodes[kind], declaredLength })],
      close: { code: 1002 },
    })),
);

/** Legal, but above WS_MAX_MESSAGE_SIZE: refused before a byte of the payload has come. */
const huge: ConformanceCase[] = [
  2n ** 21n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 32n + 5n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 53n + 1n,
  2n ** 63n - 1n,
].flatMap((declaredLength, index) =>
  (['text', 'binary'] as const).map((kind, turn) => ({
    id: `1.9.${2 * index + turn + 1}`,
    name: `${kind} that declares ${declaredLength} bytes, no payload`,
    send: [encodeFrame({ opcode: opcodes[kind], declaredLength })],
    close: { code: 1009 },
  })),
);

const hugeContinuation: ConformanceCase[] = [
  {
    id: '1.9.21',
    name: 'a continuation that declares 2^63-1 bytes, no payload',
    send: [
      text('Hello', { fin: false }),
      encodeFrame({ opcode: Opcode.Continuation, declaredLength: 2n ** 63n - 1n }),
    ],
    close: { code: 1009 },
  },
];

/** A control frame has 125 bytes at most, so neither longer encoding is ever right in it. */
const longControl: ConformanceCase[] = (['Ping', 'Pong', 'Close'] as const).flatMap((kind, index) =>
  ([16, 64] as const).map((lengthEncoding, turn) => ({
    id: `1.10.${2 * index + turn + 1}`,
    name: `${kind} of 5 bytes with a length in ${lengthEncoding} bits`,
    send: [encodeFrame({ opcode: Opcode[kind], payload: '\x03\xe8abc', lengthEncoding })],
    close: { code: 1002 },
  })),
);

/** 1.7.* to 1.10.*: how a length is encoded, and lengths that are no one's to send. */
export const lengthCases: readonly ConformanceCase[] = [
  ...notMinimal,
  ...topBit,
  ...huge,
  ...hugeContinuation,
  ...longControl,
];
