import { encodeFrame, Opcode } from '../../support/raw-client.js';
import type { ConformanceCase, Step } from '../case.js';
import {
  chopped,
  continuation,
  fragments,
  gotPong,
  gotText,
  ping,
  pieces,
  sync,
  text,
} from '../case.js';
import {
  COSMOS,
  impossibleLeads,
  invalidSequences,
  nonCharacters,
  type Sequence,
  validSequences,
} from './utf8-sequences.js';

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replace(/[^\da-f]/g, ''), 'hex');

/** How many bytes of the sequence are good. */
const goodBytes = (hex: string): number => bytesOf(hex.split('|')[0]).length;

/** 1 to n - 1: the places where `bytes` can be cut in two. */
const cuts = (bytes: Buffer): number[] => [...bytes.keys()].slice(1);

const inTwo = (bytes: Buffer, cut: number): Buffer[] => [
  bytes.subarray(0, cut),
  bytes.subarray(cut),
];

/** A text frame, the payload cut in two, so that the server reads the first part by itself. */
function twoWrites(bytes: Buffer, cut: number): Step[] {
  const frame = text(bytes);
  const at = frame.length - bytes.length + cut;
  return [frame.subarray(0, at), sync, frame.subarray(at), sync];
}

function validCases({ id, name, hex }: Sequence): ConformanceCase[] {
  const bytes = bytesOf(hex);
  const echo = gotText(bytes);
  const perByte = fragments(Opcode.Text, pieces(bytes, 1));
  return [
    { id: `${id}a`, name, send: [text(bytes)], expect: [echo] },
    { id: `${id}b`, name: `${name}, a fragment per byte`, send: perByte, expect: [echo] },
    { id: `${id}c`, name: `${name}, byte by byte`, send: chopped(text(bytes)), expect: [echo] },
    {
      id: `${id}d`,
      name: `${name}, in two fragments, cut at every byte, a ping between`,
      send: cuts(bytes).flatMap((cut) => {
        const [head, tail] = fragments(Opcode.Text, inTwo(bytes, cut));
        return [head, ping('good so far'), tail];
      }),
      expect: cuts(bytes).flatMap(() => [gotPong('good so far'), echo]),
    },
    {
      id: `${id}e`,
      name: `${name}, in two writes, cut at every byte`,
      send: cuts(bytes).flatMap((cut) => twoWrites(bytes, cut)),
      expect: cuts(bytes).map(() => echo),
    },
  ];
}

const refused = { close: { code: 1007 } };

function invalidCases({ id, name, hex }: Sequence): ConformanceCase[] {
  const bytes = bytesOf(hex);
  const good = goodBytes(hex);
  const inText = Buffer.concat([bytesOf(COSMOS), bytes, Buffer.from('edited')]);
  return [
    { id: `${id}a`, name, send: [text(bytes)], ...refused },
    { id: `${id}b`, name: `${name}, inside of good text`, send: [text(inText)], ...refused },
    {
      id: `${id}c`,
      name: `${name}, a fragment per byte, refused at the first bad one`,
      send: untilBadFragment(bytes, good),
      expect: [gotPong('good so far')],
      ...refused,
    },
    {
      id: `${id}d`,
      name: `${name}, byte by byte, refused at the first bad one`,
      send: untilBadByte(bytes, good),
      ...refused,
    },
    ...cuts(bytes.subarray(0, 6)).flatMap((cut) => [
      {
        id: `${id}f${cut}`,
        name: `${name}, in two fragments, the first of ${cut} bytes`,
        send: fragments(Opcode.Text, inTwo(bytes, cut)),
        ...refused,
      },
      {
        id: `${id}w${cut}`,
        name: `${name}, in two writes, the first ends after ${cut} bytes`,
        send: twoWrites(bytes, cut),
        ...refused,
      },
    ]),
  ];
}

/** The pong shows that what came before the bad byte was not refused; the message never ends. */
function untilBadFragment(bytes: Buffer, good: number): Step[] {
  const open = { fin: false };
  const [first, ...rest] = [Buffer.alloc(0), ...pieces(bytes.subarray(0, good), 1)];
  const bad =
    good < bytes.length ? continuation(bytes.subarray(good, good + 1), open) : continuation();
  return [
    text(first, open),
    ...rest.map((byte) => continuation(byte, open)),
    ping('good so far'),
    bad,
  ];
}

/** More bytes are declared than ever come; but what is cut off is only bad when it ends. */
function untilBadByte(bytes: Buffer, good: number): Step[] {
  if (good === bytes.length) return chopped(text(bytes));
  const payload = bytes.subarray(0, good + 1);
  return chopped(encodeFrame({ payload, declaredLength: 1_000 }));
}

/** 6.6: what is cut off in the middle of a character is invalid, and only that. */
const prefixCases: ConformanceCase[] = [...bytesOf(COSMOS).keys()].map((index) => {
  const prefix = bytesOf(COSMOS).subarray(0, index + 1);
  const isWhole = [2, 5, 7, 9, 11].includes(prefix.length);
  return {
    id: `6.6.${index + 1}`,
    name: `the first ${prefix.length} bytes of κόσμε`,
    send: [text(prefix)],
    ...(isWhole ? { expect: [gotText(prefix)] } : refused),
  };
});

const impossibleCases: ConformanceCase[] = impossibleLeads.map((byte, index) => ({
  id: `6.24.${index + 1}`,
  name: `byte ${byte.toString(16)} as the first of a character, refused at once`,
  send: [encodeFrame({ payload: Buffer.of(0x41, byte), declaredLength: 1_000 })],
  ...refused,
}));

const nonCharacterCases: ConformanceCase[] = nonCharacters.flatMap(({ id, name, hex }) => [
  { id: `${id}a`, name, send: [text(bytesOf(hex))], expect: [gotText(bytesOf(hex))] },
  {
    id: `${id}b`,
    name: `${name}, byte by byte`,
    send: chopped(text(bytesOf(hex))),
    expect: [gotText(bytesOf(hex))],
  },
]);

const emptyCases: ConformanceCase[] = [
  { id: '6.1.1', name: 'empty text', send: [text()], expect: [gotText('')] },
  {
    id: '6.1.2',
    name: 'three empty fragments',
    send: fragments(Opcode.Text, ['', '', '']),
    expect: [gotText('')],
  },
  {
    id: '6.1.3',
    name: 'an empty fragment, one with text, an empty one',
    send: fragments(Opcode.Text, ['', 'middle', '']),
    expect: [gotText('middle')],
  },
];

const binaryCase: ConformanceCase = {
  id: '6.27.1',
  name: 'a good message before, and a character over two messages is none',
  send: [text('good'), text(Buffer.of(0xc2)), text(Buffer.of(0x80))],
  expect: [gotText('good')],
  ...refused,
};

/** 6.*: text has to be UTF-8 (RFC 3629), and is refused at its first bad byte. */
export const utf8Cases: readonly ConformanceCase[] = [
  ...emptyCases,
  ...validSequences.flatMap(validCases),
  ...prefixCases,
  ...invalidSequences.flatMap(invalidCases),
  ...nonCharacterCases,
  ...impossibleCases,
  binaryCase,
];
