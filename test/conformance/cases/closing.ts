import { encodeFrame, Opcode } from '../../support/raw-client.js';
import type { ConformanceCase } from '../case.js';
import { chopped, close, continuation, gotText, ping, text, together } from '../case.js';
import { sampleText } from '../sample.js';

const normal = { close: { code: 1000, reason: '' } };
const violation = { close: { code: 1002 } };

const rawClose = (payload: Uint8Array): Buffer => encodeFrame({ opcode: Opcode.Close, payload });

/** The client sends more behind its Close frame than it may, none of which has an effect. */
const order: ConformanceCase[] = [
  {
    id: '7.1.1',
    name: 'text, then Close',
    send: [text('Hello'), close(1000)],
    expect: [gotText('Hello')],
    ...normal,
  },
  { id: '7.1.2', name: 'Close twice', send: [together(close(1000), close(1000))], ...normal },
  {
    id: '7.1.2a',
    name: 'Close twice, the second with another code, in two writes',
    send: [close(1000), close(1002, 'changed my mind')],
    ...normal,
  },
  { id: '7.1.3', name: 'ping after Close', send: [together(close(1000), ping())], ...normal },
  {
    id: '7.1.4',
    name: 'text after Close',
    send: [together(close(1000), text('too late'))],
    ...normal,
  },
  {
    id: '7.1.5',
    name: 'Close between two fragments',
    send: [together(text('frag1', { fin: false }), close(1000), continuation('frag2'))],
    ...normal,
  },
  {
    id: '7.1.6',
    name: '256 KiB of text, Close, ping',
    send: [text(sampleText(262_144)), close(1000), ping()],
    expect: [gotText(sampleText(262_144))],
    ...normal,
  },
  {
    id: '7.1.7',
    name: 'bytes that are no frame after Close',
    send: [together(close(1000), Buffer.alloc(1_000, 0xff))],
    ...normal,
  },
  {
    id: '7.1.8',
    name: '1 MiB after Close',
    send: [close(1000), ...Array.from({ length: 16 }, () => text(sampleText(65_536)))],
    ...normal,
  },
  {
    id: '7.1.9',
    name: 'a bad frame, then Close: the first mistake counts',
    send: [together(text('x', { rsv2: true }), close(1000))],
    ...violation,
  },
  { id: '7.1.10', name: 'Close, byte by byte', send: chopped(close(1000, 'bye')), close: bye() },
];

function bye(): ConformanceCase['close'] {
  return { code: 1000, reason: 'bye' };
}

/** RFC 6455, 7.1.5: without a code it counts as 1005, which is never sent: 1000 comes back. */
const payloads: ConformanceCase[] = [
  { id: '7.3.1', name: 'no payload', send: [close()], ...normal },
  { id: '7.3.2', name: 'one byte', send: [rawClose(Buffer.of(3))], ...violation },
  { id: '7.3.3', name: 'only a code', send: [close(1000)], ...normal },
  { id: '7.3.4', name: 'code and reason', send: [close(1000, 'bye')], close: bye() },
  {
    id: '7.3.6',
    name: 'a reason of 124 bytes',
    send: [close(1000, 'r'.repeat(124))],
    ...violation,
  },
  {
    id: '7.3.7',
    name: 'a reason in UTF-8',
    send: [close(1000, 'κόσμε 🎈')],
    close: { code: 1000, reason: 'κόσμε 🎈' },
  },
  {
    id: '7.3.8',
    name: 'a reason of 123 bytes that ends with a character of four',
    send: [close(4000, `${'r'.repeat(119)}🎈`)],
    close: { code: 4000, reason: `${'r'.repeat(119)}🎈` },
  },
];

const reasonLengths: ConformanceCase[] = Array.from({ length: 124 }, (_, length) => ({
  id: `7.3.5.${length}`,
  name: `a reason of ${length} bytes`,
  send: [close(1000, 'r'.repeat(length))],
  close: { code: 1000, reason: 'r'.repeat(length) },
}));

const BAD_REASONS = [
  'ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80 65',
  '80',
  'c0 af',
  'c2',
  'e2 82',
  'f0 90 80',
  'f4 90 80 80',
  'ff',
  '61 62 63 f8 88 80 80 80',
];

const badReasons: ConformanceCase[] = BAD_REASONS.map((hex, index) => ({
  id: `7.5.${index + 1}`,
  name: `a reason that is no UTF-8: ${hex}`,
  send: [rawClose(Buffer.concat([Buffer.of(3, 232), Buffer.from(hex.replaceAll(' ', ''), 'hex')]))],
  close: { code: 1007 },
}));

const VALID_CODES = [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999, 1012, 1013, 1014,
  3001, 4001,
];

const validCodes: ConformanceCase[] = VALID_CODES.flatMap((code, index) => [
  {
    id: `7.7.${index + 1}`,
    name: `code ${code}`,
    send: [close(code)],
    close: { code, reason: '' },
  },
  {
    id: `7.7.${index + 1}a`,
    name: `code ${code} with a reason`,
    send: [close(code, 'why')],
    close: { code, reason: 'why' },
  },
]);

const INVALID_CODES = [
  0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535, 1, 100, 5001, 32_768,
];

const invalidCodes: ConformanceCase[] = INVALID_CODES.flatMap((code, index) => [
  { id: `7.9.${index + 1}`, name: `code ${code}`, send: [close(code)], ...violation },
  {
    id: `7.9.${index + 1}a`,
    name: `code ${code} with a reason`,
    send: [close(code, 'why')],
    ...violation,
  },
]);

const shape: ConformanceCase[] = [
  {
    id: '7.11.1',
    name: 'a fragmented Close frame',
    send: [encodeFrame({ opcode: Opcode.Close, fin: false, payload: Buffer.of(3, 232) })],
    ...violation,
  },
  {
    id: '7.11.2',
    name: 'an unmasked Close frame',
    send: [encodeFrame({ opcode: Opcode.Close, mask: false, payload: Buffer.of(3, 232) })],
    ...violation,
  },
  {
    id: '7.11.3',
    name: 'a Close frame of 126 bytes, refused before its payload has come',
    send: [encodeFrame({ opcode: Opcode.Close, declaredLength: 126 })],
    ...violation,
  },
];

/** 7.*: the closing handshake. */
export const closingCases: readonly ConformanceCase[] = [
  ...order,
  ...payloads,
  ...reasonLengths,
  ...badReasons,
  ...validCodes,
  ...invalidCodes,
  ...shape,
];
