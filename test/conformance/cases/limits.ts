import { encodeFrame, Opcode } from '../../support/raw-client.js';
import type { ConformanceCase } from '../case.js';
import {
  binary,
  continuation,
  fragments,
  gotBinary,
  gotPong,
  gotText,
  once,
  ping,
  pieces,
  pong,
  text,
  together,
} from '../case.js';
import { sampleBytes, sampleText } from '../sample.js';

const LIMIT = 64 * 1024;
const MAX_FRAGMENTS = 128 * 1024;

/** For these cases. */
export const LIMIT_SETTINGS = { WS_MAX_MESSAGE_SIZE: String(LIMIT) } as const;

const tooBig = { close: { code: 1009 } };
const open = { fin: false };

const kinds = [
  { name: 'text', frame: text, got: gotText, sample: sampleText, opcode: Opcode.Text },
  { name: 'binary', frame: binary, got: gotBinary, sample: sampleBytes, opcode: Opcode.Binary },
] as const;

const oneFrame = kinds.flatMap(({ name, frame, got, sample, opcode }, kind): ConformanceCase[] => [
  {
    id: `14.1.${4 * kind + 1}`,
    name: `${name} of one byte less than the limit, of the limit, and again`,
    send: [LIMIT - 1, LIMIT, LIMIT].map((size) => frame(sample(size))),
    expect: [LIMIT - 1, LIMIT, LIMIT].map((size) => got(sample(size))),
  },
  {
    id: `14.1.${4 * kind + 2}`,
    name: `${name} of one byte above the limit`,
    send: [frame(sample(LIMIT + 1))],
    ...tooBig,
  },
  {
    id: `14.1.${4 * kind + 3}`,
    name: `${name} of one byte above the limit, refused before its payload has come`,
    send: [together(frame('good'), encodeFrame({ opcode, declaredLength: LIMIT + 1 }))],
    expect: [got('good')],
    ...tooBig,
  },
  {
    id: `14.1.${4 * kind + 4}`,
    name: `${name} of 16 times the limit, all of it sent`,
    send: () => pieces(frame(sample(16 * LIMIT)), LIMIT),
    ...tooBig,
  },
]);

const FRAGMENT_SIZES = [1, 2, 64, 125, 126, 1_024, 16_384, LIMIT - 1, LIMIT];

const inFragments = kinds.flatMap(({ name, got, sample, opcode }, kind): ConformanceCase[] =>
  FRAGMENT_SIZES.flatMap((size, index) => [
    {
      id: `14.2.${2 * (FRAGMENT_SIZES.length * kind + index) + 1}`,
      name: `${name} of the limit in ${Math.ceil(LIMIT / size)} fragments of ${size}`,
      send: once(() => [Buffer.concat(fragments(opcode, pieces(sample(LIMIT), size)))]),
      expect: [got(sample(LIMIT))],
    },
    {
      id: `14.2.${2 * (FRAGMENT_SIZES.length * kind + index) + 2}`,
      name: `${name} of one byte above the limit in fragments of ${size}`,
      send: once(() => [Buffer.concat(fragments(opcode, pieces(sample(LIMIT + 1), size)))]),
      ...tooBig,
    },
  ]),
);

const sums: ConformanceCase[] = [
  {
    id: '14.3.1',
    name: 'the fragment that takes the sum above the limit is refused by its header',
    send: [
      binary(sampleBytes(LIMIT), open),
      ping('good so far'),
      encodeFrame({ opcode: Opcode.Continuation, declaredLength: 1 }),
    ],
    expect: [gotPong('good so far')],
    ...tooBig,
  },
  {
    id: '14.3.2',
    name: 'empty fragments do not take the sum above the limit',
    send: [binary(sampleBytes(LIMIT), open), continuation('', open), continuation()],
    expect: [gotBinary(sampleBytes(LIMIT))],
  },
  {
    id: '14.3.3',
    name: 'pings between the fragments do not count',
    send: [binary(sampleBytes(LIMIT - 1), open), ping(sampleBytes(125)), continuation('!')],
    expect: [
      gotPong(sampleBytes(125)),
      gotBinary(Buffer.concat([sampleBytes(LIMIT - 1), Buffer.from('!')])),
    ],
  },
  {
    id: '14.3.4',
    name: 'the sum starts anew with every message',
    send: Array.from({ length: 10 }, () => fragments(Opcode.Text, twoHalves())).flat(),
    expect: Array.from({ length: 10 }, () => gotText(sampleText(LIMIT))),
  },
  {
    id: '14.3.5',
    name: 'bytes count, not characters',
    send: [text('é'.repeat(LIMIT / 2)), text(`${'é'.repeat(LIMIT / 2)}!`)],
    expect: [gotText('é'.repeat(LIMIT / 2))],
    ...tooBig,
  },
  {
    id: '14.3.6',
    name: 'what is both too big and no UTF-8 is too big: it was never read',
    send: [text(Buffer.alloc(LIMIT + 1, 0xff))],
    ...tooBig,
  },
];

function twoHalves(): Buffer[] {
  return [sampleText(LIMIT).subarray(0, LIMIT / 2), sampleText(LIMIT).subarray(LIMIT / 2)];
}

const emptyFragments = (count: number) =>
  once(() => [Buffer.concat(fragments(Opcode.Binary, Array<string>(count).fill('')))]);

const fragmentCount: ConformanceCase[] = [
  {
    id: '14.4.1',
    name: '65,536 empty fragments',
    send: emptyFragments(65_536),
    expect: [gotBinary('')],
  },
  {
    id: '14.4.2',
    name: `${MAX_FRAGMENTS} empty fragments, which is the most`,
    send: emptyFragments(MAX_FRAGMENTS),
    expect: [gotBinary('')],
  },
  {
    id: '14.4.3',
    name: `${MAX_FRAGMENTS + 1} empty fragments`,
    send: emptyFragments(MAX_FRAGMENTS + 1),
    close: { code: 1008 },
  },
];

/** More than 1,000 Pings and Pongs in a second without a message between them. */
const controlFrameCount: ConformanceCase[] = [
  {
    id: '14.5.1',
    name: '1,001 pings in one write',
    send: [Buffer.concat(Array.from({ length: 1_001 }, () => ping('x')))],
    expect: Array.from({ length: 1_000 }, () => gotPong('x')),
    close: { code: 1008 },
  },
  {
    id: '14.5.2',
    name: '1,001 pongs in one write',
    send: [Buffer.concat(Array.from({ length: 1_001 }, () => pong('x')))],
    close: { code: 1008 },
  },
  {
    id: '14.5.3',
    name: '2,000 pings and pongs, a message in the middle',
    send: [
      ...Array.from({ length: 500 }, () => together(ping('x'), pong('y'))),
      text('between'),
      ...Array.from({ length: 500 }, () => together(ping('x'), pong('y'))),
    ],
    expect: [
      ...Array.from({ length: 500 }, () => gotPong('x')),
      gotText('between'),
      ...Array.from({ length: 500 }, () => gotPong('x')),
    ],
  },
];

/** 14.*: what the Autobahn test suite has no cases for: the limits of this service. */
export const limitCases: readonly ConformanceCase[] = [
  ...oneFrame,
  ...inFragments,
  ...sums,
  ...fragmentCount,
  ...controlFrameCount,
];
