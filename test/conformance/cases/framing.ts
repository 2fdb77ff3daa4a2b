import type { OutgoingFrame } from '../../support/raw-client.js';
import {
  binary,
  chopped,
  type ConformanceCase,
  close,
  continuation,
  gotBinary,
  gotText,
  ping,
  pieces,
  receive,
  text,
  together,
} from '../case.js';
import { sampleBytes, sampleText } from '../sample.js';

/** Around each length at which the encoding of a frame changes. */
const LENGTHS = [0, 125, 126, 127, 128, 65_535, 65_536];
const MORE_LENGTHS = [1, 2, 3, 4, 5, 23, 24, 25, 124, 129, 65_534, 65_537, 131_072];

const lengthCases: ConformanceCase[] = [...LENGTHS, ...MORE_LENGTHS].flatMap((length, index) => [
  {
    id: `1.1.${index < LENGTHS.length ? index + 1 : index + 2}`,
    name: `text of ${length} bytes`,
    send: [text(sampleText(length))],
    expect: [gotText(sampleText(length))],
  },
  {
    id: `1.2.${index < LENGTHS.length ? index + 1 : index + 2}`,
    name: `binary of ${length} bytes`,
    send: [binary(sampleBytes(length))],
    expect: [gotBinary(sampleBytes(length))],
  },
]);

const choppedLengthCases: ConformanceCase[] = [
  {
    id: '1.1.8',
    name: 'text of 65,536 bytes in writes of 997 bytes',
    send: chopped(text(sampleText(65_536)), 997),
    expect: [gotText(sampleText(65_536))],
  },
  {
    id: '1.2.8',
    name: 'binary of 65,536 bytes in writes of 997 bytes',
    send: chopped(binary(sampleBytes(65_536)), 997),
    expect: [gotBinary(sampleBytes(65_536))],
  },
];

const MASKS = ['00000000', 'ffffffff', '000000ff', 'ff000000', '80808080', '0a0d0a0d'];

const maskCases: ConformanceCase[] = MASKS.map((hex, index) => ({
  id: `1.3.${index + 1}`,
  name: `masking key ${hex}, payloads of 0 to 40 and of 4,099 bytes`,
  send: maskLengths().map((length) =>
    binary(sampleBytes(length), { mask: Buffer.from(hex, 'hex') }),
  ),
  expect: maskLengths().map((length) => gotBinary(sampleBytes(length))),
}));

function maskLengths(): number[] {
  return [...Array.from({ length: 41 }, (_, length) => length), 4_099];
}

const unmasked: OutgoingFrame['mask'] = false;

const unmaskedFrames = [
  ['text', text('Hello', { mask: unmasked })],
  ['empty text', text('', { mask: unmasked })],
  ['binary', binary('Hello', { mask: unmasked })],
  ['ping', ping('Hello', { mask: unmasked })],
  ['text of 300 bytes', text(sampleText(300), { mask: unmasked })],
  ['first fragment', text('Hello', { mask: unmasked, fin: false })],
] as const;

const unmaskedCases: ConformanceCase[] = unmaskedFrames.flatMap(([name, frame], index) => [
  {
    id: `1.4.${2 * index + 1}`,
    name: `unmasked ${name}`,
    send: [frame],
    close: { code: 1002 },
  },
  {
    id: `1.4.${2 * index + 2}`,
    name: `a message, then unmasked ${name}, then a ping`,
    send: [together(text('good'), frame, ping())],
    expect: [gotText('good')],
    close: { code: 1002 },
  },
]);

const unmaskedContinuation: ConformanceCase = {
  id: '1.4.13',
  name: 'unmasked continuation of a masked fragment',
  send: [text('Hel', { fin: false }), continuation('lo', { mask: unmasked })],
  close: { code: 1002 },
};

const splitHeaders = [
  ['7-bit length', text(sampleText(5)), gotText(sampleText(5)), 6],
  ['16-bit length', text(sampleText(126)), gotText(sampleText(126)), 8],
  ['64-bit length', text(sampleText(65_536)), gotText(sampleText(65_536)), 14],
] as const;

const splitHeaderCases: ConformanceCase[] = splitHeaders.flatMap(([name, frame, echo, header], i) =>
  Array.from({ length: header }, (_, at) => ({
    id: `1.5.${i + 1}.${at + 1}`,
    name: `${name}, first write ends ${at + 1} bytes into the header`,
    send: [...chopped(frame.subarray(0, at + 1), at + 1), frame.subarray(at + 1)],
    expect: [echo],
  })),
);

const hundred = Array.from({ length: 100 }, (_, length) => length);
const hundredFrames = together(...hundred.map((length) => text(sampleText(length))));
const hundredEchoes = hundred.map((length) => gotText(sampleText(length)));

const batchCases: ConformanceCase[] = [
  {
    id: '1.6.1',
    name: '100 messages in one write',
    send: [hundredFrames],
    expect: hundredEchoes,
  },
  {
    id: '1.6.2',
    name: '100 messages and the Close frame in one write',
    send: [together(hundredFrames, close(1000))],
    expect: hundredEchoes,
    close: { code: 1000, reason: '' },
  },
  ...[1, 2, 3, 7, 64, 101].map((size, index) => ({
    id: `1.6.${index + 3}`,
    name: `100 messages in writes of ${size} bytes that fit no frame`,
    send: pieces(hundredFrames, size),
    expect: hundredEchoes,
  })),
  {
    id: '1.6.9',
    name: 'text and binary in turns, each after the echo of the one before',
    send: hundred.flatMap((length) => [
      length % 2 === 0 ? text(sampleText(length)) : binary(sampleBytes(length)),
      receive(1),
    ]),
    expect: hundred.map((length) =>
      length % 2 === 0 ? gotText(sampleText(length)) : gotBinary(sampleBytes(length)),
    ),
  },
];

/** 1.*: whole messages, their lengths, masks and where the writes cut them. */
export const framingCases: readonly ConformanceCase[] = [
  ...lengthCases,
  ...choppedLengthCases,
  ...maskCases,
  ...unmaskedCases,
  unmaskedContinuation,
  ...splitHeaderCases,
  ...batchCases,
];
