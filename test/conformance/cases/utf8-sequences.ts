/** Hexadecimal bytes; in an invalid sequence a bar stands before the first byte that is wrong. */
export interface Sequence {
  readonly id: string;
  readonly name: string;
  readonly hex: string;
}

const numbered = (group: string, name: string, sequences: readonly string[]): Sequence[] =>
  sequences.map((hex, index) => ({ id: `${group}.${index + 1}`, name: `${name} ${hex}`, hex }));

const hexOf = (...bytes: readonly number[]): string => Buffer.from(bytes).toString('hex');

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

export const COSMOS = 'ce ba e1 bd b9 cf 83 ce bc ce b5';

export const validSequences: readonly Sequence[] = [
  { id: '6.2.1', name: 'Hello-µ@ßöäüàá-UTF-8!!', hex: utf8('Hello-µ@ßöäüàá-UTF-8!!') },
  { id: '6.5.1', name: 'κόσμε', hex: COSMOS },
  ...numbered('6.7', 'first of its length', ['00', 'c2 80', 'e0 a0 80', 'f0 90 80 80']),
  ...numbered('6.9', 'last of its length', ['7f', 'df bf', 'ef bf bf', 'f4 8f bf bf']),
  ...numbered('6.11', 'border', ['ed 9f bf', 'ee 80 80', 'ef bf bd', 'f4 8f bf bf']),
  ...numbered('6.25', 'border of a lead byte', [
    'e1 80 80',
    'ec bf bf',
    'ed 80 80',
    'f0 bf bf bf',
    'f1 80 80 80',
    'f3 bf bf bf',
    'f4 80 80 80',
  ]),
  ...numbered('6.26', 'mixture', ['ef bb bf 41', '41 c2 80 41 f0 90 80 80 41', '00 00 41']),
];

/** U+nFFFE and U+nFFFF of every plane, which text may contain. */
export const nonCharacters: readonly Sequence[] = [
  ...numbered(
    '6.22',
    'non-character',
    range(0, 16).flatMap((plane) =>
      [0xfffe, 0xffff].map((low) => utf8(String.fromCodePoint(plane * 0x10000 + low))),
    ),
  ),
  ...numbered(
    '6.23',
    'special',
    range(0xfff9, 0xffff).map((code) => utf8(String.fromCodePoint(code))),
  ),
];

export const invalidSequences: readonly Sequence[] = [
  ...numbered('6.8', 'first possible of five and six bytes', [
    '|f8 88 80 80 80',
    '|fc 84 80 80 80 80',
  ]),
  ...numbered('6.10', 'last possible of four (2^21), five and six bytes', [
    '|f7 bf bf bf',
    '|fb bf bf bf bf',
    '|fd bf bf bf bf bf',
  ]),
  ...numbered('6.11.5', 'above U+10FFFF', ['f4 |90 80 80', 'f4 |bf bf bf', '|f5 80 80 80']),
  ...numbered('6.12', 'continuation without a lead', [
    '|80',
    '|bf',
    '|80 bf',
    '|80 bf 80',
    '|80 bf 80 bf',
    '|80 bf 80 bf 80',
    '|80 bf 80 bf 80 bf',
    `|${hexOf(...range(0x80, 0xbf))}`,
  ]),
  ...numbered('6.13', 'lead without a continuation', [
    'c2 |20',
    'df |20',
    'e0 |20',
    'ef |20',
    'f0 |20',
    'f4 |20',
    '|f8 20',
    '|fc 20',
    'c2 |00',
    'e1 |7f',
    'f1 |c2 80',
  ]),
  ...numbered('6.14', 'cut off at the end', [
    'c2 |',
    'df |',
    'e0 a0 |',
    'e1 |',
    'ed 9f |',
    'ef bf |',
    'f0 |',
    'f0 90 |',
    'f0 90 80 |',
    'f4 8f bf |',
    '|c0',
    '|fb bf bf bf',
  ]),
  ...numbered('6.14a', 'cut off by a character', [
    'c2 |41',
    'e1 80 |41',
    'f1 80 |41',
    'f1 80 80 |41',
    'e1 80 |e1 80 80',
    'f1 80 80 |c2 80',
  ]),
  ...numbered('6.15', 'several that are cut off', ['df |e0 a0 f0 90 80', '|c0 e0 80 f0 80 80']),
  ...numbered('6.16', 'impossible byte', ['|fe', '|ff', '|fe fe ff ff']),
  ...numbered('6.17', 'overlong /', [
    '|c0 af',
    'e0 |80 af',
    'f0 |80 80 af',
    '|f8 80 80 80 af',
    '|fc 80 80 80 80 af',
  ]),
  ...numbered('6.18', 'longest overlong form', [
    '|c1 bf',
    'e0 |9f bf',
    'f0 |8f bf bf',
    '|f8 87 bf bf bf',
    '|fc 83 bf bf bf bf',
  ]),
  ...numbered('6.19', 'overlong NUL', [
    '|c0 80',
    'e0 |80 80',
    'f0 |80 80 80',
    '|f8 80 80 80 80',
    '|fc 80 80 80 80 80',
  ]),
  ...numbered('6.20', 'surrogate', [
    'ed |a0 80',
    'ed |ad bf',
    'ed |ae 80',
    'ed |af bf',
    'ed |b0 80',
    'ed |be 80',
    'ed |bf bf',
  ]),
  ...numbered('6.21', 'pair of surrogates', [
    'ed |a0 80 ed b0 80',
    'ed |a0 80 ed bf bf',
    'ed |ad bf ed b0 80',
    'ed |ad bf ed bf bf',
    'ed |ae 80 ed b0 80',
    'ed |ae 80 ed bf bf',
    'ed |af bf ed b0 80',
    'ed |af bf ed bf bf',
  ]),
];

/** Bytes that begin no character. */
export const impossibleLeads: readonly number[] = [...range(0x80, 0xc1), ...range(0xf5, 0xff)];

function utf8(text: string): string {
  return Buffer.from(text).toString('hex').replace(/..\B/g, '$& ');
}
