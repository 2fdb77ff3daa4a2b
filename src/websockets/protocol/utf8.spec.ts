import { validUtf8Until } from './utf8.js';

/** Feeds the bytes in two parts; whether they were taken, and whether the text ended complete. */
function isValidInParts(bytes: Buffer, cut: number): boolean {
  const first = validUtf8Until(bytes, 0, cut);
  if (first < 0) return false;
  return validUtf8Until(bytes, first, bytes.length) === bytes.length;
}

const VALID = ['', 'ascii', 'é', 'ß\u07ff\u0800', '\ud7ff\ue000', '\uffff', '\u{10000}\u{10ffff}'];

const INVALID: [string, number[]][] = [
  ['a lone continuation byte', [0x80]],
  ['a second continuation byte too many', [0xc3, 0xa9, 0xa9]],
  ['an overlong form of two bytes', [0xc0, 0xaf]],
  ['an overlong form of three bytes', [0xe0, 0x80, 0xaf]],
  ['an overlong form of four bytes', [0xf0, 0x80, 0x80, 0xaf]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ['a lead byte of five bytes', [0xf8, 0x88, 0x80, 0x80, 0x80]],
  ['0xfe', [0xfe]],
  ['0xff', [0xff]],
  ['a character that ASCII cuts off', [0xe2, 0x82, 0x41]],
];

describe('validUtf8Until', () => {
  it.each(VALID)('takes %j, cut at every byte', (text) => {
    const bytes = Buffer.from(text);
    for (let cut = 0; cut <= bytes.length; cut++) expect(isValidInParts(bytes, cut)).toBe(true);
  });

  it.each(INVALID)('refuses %s, cut at every byte', (_name, wrong) => {
    const bytes = Buffer.from([0x41, ...wrong, 0x42]);
    for (let cut = 0; cut <= bytes.length; cut++) expect(isValidInParts(bytes, cut)).toBe(false);
  });

  it.each([
    ['an overlong form', [0xe0, 0x80]],
    ['a surrogate', [0xed, 0xa0]],
    ['a code point above U+10FFFF', [0xf4, 0x90]],
    ['an overlong lead byte', [0xc1]],
    ['a lead byte above 0xf4', [0xf5]],
  ])('refuses %s as soon as no byte can mend it', (_name, bytes) => {
    expect(validUtf8Until(Buffer.from(bytes), 0, bytes.length)).toBe(-1);
  });

  it('waits for the rest of a character that is cut off', () => {
    const bytes = Buffer.from('a€');
    expect(validUtf8Until(bytes, 0, 2)).toBe(1);
    expect(validUtf8Until(bytes, 0, 3)).toBe(1);
    expect(validUtf8Until(bytes, 1, 4)).toBe(4);
  });
});
