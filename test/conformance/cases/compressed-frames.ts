import { deflateRawSync } from 'node:zlib';
import { encodeFrame, Opcode } from '../../support/raw-client.js';
import type { Received, Step } from '../case.js';
import {
  binary,
  close,
  continuation,
  gotBinary,
  gotPong,
  gotText,
  ping,
  text,
  together,
} from '../case.js';
import { corpora } from '../corpus.js';
import { createDeflater } from '../deflate.js';
import { type CompressionCase, compressedFrames, PLAIN_OFFER } from './compression.js';

const MAX_MESSAGE = 1024 * 1024;

const hex = (bytes: string): Buffer => Buffer.from(bytes.replaceAll(' ', ''), 'hex');
const compressed = (bytes: Buffer, opcode: number = Opcode.Text): Buffer =>
  together(...compressedFrames(opcode, bytes));
const deflateOnce = (data: Uint8Array): Buffer => createDeflater()(data);

interface Row {
  readonly name: string;
  readonly send: readonly Step[] | (() => readonly Step[]);
  readonly expect?: readonly Received[];
  readonly code?: number;
}

const casesOf = (group: string, rows: readonly Row[]): CompressionCase[] =>
  rows.map(({ name, send, expect, code }, index) => ({
    id: `${group}.${index + 1}`,
    name,
    offer: PLAIN_OFFER,
    send,
    expect,
    ...(code !== undefined && { close: { code } }),
  }));

const HELLO = hex('f2 48 cd c9 c9 07 00');
const hello = [gotText('Hello')];

/** RFC 7692, section 7.2.3. */
const examples = casesOf('12.6', [
  { name: 'Hello in one block', send: [compressed(HELLO)], expect: hello },
  {
    name: 'Hello in two fragments',
    send: [text(hex('f2 48 cd'), { rsv1: true, fin: false }), continuation(hex('c9 c9 07 00'))],
    expect: hello,
  },
  {
    name: 'Hello, then Hello again out of the window',
    send: [compressed(HELLO), compressed(hex('f2 00 11 00 00'))],
    expect: [...hello, ...hello],
  },
  {
    name: 'Hello in a block without compression',
    send: [compressed(hex('00 05 00 fa ff 48 65 6c 6c 6f 00'))],
    expect: hello,
  },
  {
    name: 'Hello in a block with BFINAL',
    send: [compressed(hex('f3 48 cd c9 c9 07 00 00'))],
    expect: hello,
  },
  {
    name: 'Hello in two blocks',
    send: [compressed(hex('f2 48 05 00 00 00 ff ff ca c9 c9 07 00'))],
    expect: hello,
  },
  { name: 'an empty message', send: [compressed(hex('00'))], expect: [gotText('')] },
  {
    name: 'BFINAL, then a message, which starts with an empty window',
    send: [compressed(hex('f3 48 cd c9 c9 07 00 00')), compressed(HELLO)],
    expect: [...hello, ...hello],
  },
]);

/** What is compressed, what is not, and what lies between the fragments. */
const mixtures = casesOf('12.7', [
  {
    name: 'an uncompressed message, although compression was agreed on',
    send: [text('plain')],
    expect: [gotText('plain')],
  },
  {
    name: 'compressed and uncompressed messages in turns; the latter are not in the window',
    send: [compressed(HELLO), text('plain'), compressed(hex('f2 00 11 00 00'))],
    expect: [...hello, gotText('plain'), ...hello],
  },
  {
    name: 'a fragment per byte, a ping between all of them',
    send: [
      text('', { rsv1: true, fin: false }),
      ...[...HELLO].flatMap((byte) => [continuation(Buffer.of(byte), { fin: false }), ping('p')]),
      continuation(),
    ],
    expect: [...Array.from(HELLO, () => gotPong('p')), ...hello],
  },
  {
    name: 'binary',
    send: [compressed(deflateOnce(Buffer.of(0xff, 0xfe)), Opcode.Binary)],
    expect: [gotBinary(Buffer.of(0xff, 0xfe))],
  },
  {
    name: 'compressed without compression (level 0) and best (level 9)',
    send: () =>
      [0, 9].map((level) =>
        compressed(
          createDeflater({ level, noContextTakeover: true })(corpora.json().subarray(0, 99_999)),
        ),
      ),
    expect: [0, 9].map(() => gotText(corpora.json().subarray(0, 99_999))),
  },
  {
    name: '100 messages and the Close frame in one write',
    send: [together(...Array.from({ length: 100 }, () => compressed(HELLO)), close(1000))],
    expect: Array.from({ length: 100 }, () => gotText('Hello')),
    code: 1000,
  },
]);

const open = { fin: false };

/** RFC 7692, section 6.1: RSV1 belongs to the first frame of a message, and to nothing else. */
const wrongBits = casesOf('12.8', [
  {
    name: 'RSV1 on a continuation of a compressed message',
    send: [text(hex('f2 48 cd'), { ...open, rsv1: true }), continuation('x', { rsv1: true })],
    code: 1002,
  },
  {
    name: 'RSV1 on a continuation of an uncompressed message',
    send: [text('a', open), continuation('x', { rsv1: true })],
    code: 1002,
  },
  ...(['Ping', 'Pong', 'Close'] as const).map((kind) => ({
    name: `RSV1 on a ${kind}`,
    send: [encodeFrame({ opcode: Opcode[kind], rsv1: true, payload: hex('03 e8') })],
    code: 1002,
  })),
  ...[{ rsv2: true }, { rsv3: true }, { rsv1: true, rsv2: true }].map((bits) => ({
    name: `text with ${Object.keys(bits).join(' and ')}`,
    send: [text(HELLO, bits)],
    code: 1002,
  })),
  { name: 'RSV1 on a reserved opcode', send: [encodeFrame({ opcode: 3, rsv1: true })], code: 1002 },
]);

const badData = casesOf('12.9', [
  { name: 'a block type that does not exist', send: [compressed(hex('07 00'))], code: 1007 },
  { name: 'bytes that are no DEFLATE', send: [compressed(hex('ff ff ff ff'))], code: 1007 },
  { name: 'no byte at all', send: [compressed(Buffer.alloc(0))], code: 1007 },
  {
    name: 'a length that contradicts its complement',
    send: [compressed(hex('00 05 00 00 00 48 65 6c 6c 6f 00'))],
    code: 1007,
  },
  {
    name: 'a reference to before the first byte',
    send: [compressed(hex('f2 00 11 00 00'))],
    code: 1007,
  },
  {
    name: 'a good message, then bytes that are no DEFLATE',
    send: [compressed(HELLO), compressed(hex('ff ff ff ff'))],
    expect: hello,
    code: 1007,
  },
  ...['80', 'c0 af', 'ed a0 80', 'f4 90 80 80', 'c2', 'e2 82'].map((bytes) => ({
    name: `text that is no UTF-8 when inflated: ${bytes}`,
    send: [compressed(deflateOnce(Buffer.concat([Buffer.from('good'), hex(bytes)])))],
    code: 1007,
  })),
  {
    name: 'the same bytes as binary',
    send: [compressed(deflateOnce(hex('ed a0 80')), Opcode.Binary)],
    expect: [gotBinary(hex('ed a0 80'))],
  },
]);

const zeros = (size: number): Buffer => deflateRawSync(Buffer.alloc(size));

/** The limit holds for the inflated message, and nothing beyond it is inflated. */
const sizes = casesOf('12.10', [
  {
    name: 'as large as is allowed',
    send: () => [compressed(deflateOnce(Buffer.alloc(MAX_MESSAGE)), Opcode.Binary)],
    expect: [gotBinary(Buffer.alloc(MAX_MESSAGE))],
  },
  {
    name: 'a byte too large',
    send: () => [compressed(deflateOnce(Buffer.alloc(MAX_MESSAGE + 1)), Opcode.Binary)],
    code: 1009,
  },
  {
    name: 'a bomb: 64 MiB in 64 KiB',
    send: () => [compressed(deflateOnce(Buffer.alloc(64 * MAX_MESSAGE)), Opcode.Binary)],
    code: 1009,
  },
  {
    name: 'a bomb of text in fragments of 1 KiB',
    send: () =>
      compressedFrames(Opcode.Text, deflateOnce(Buffer.alloc(64 * MAX_MESSAGE, 'a')), 1_024),
    code: 1009,
  },
  {
    name: 'a bomb behind a block with BFINAL',
    send: () => [compressed(Buffer.concat([zeros(16), zeros(64 * MAX_MESSAGE)]), Opcode.Binary)],
    code: 1009,
  },
  {
    name: 'compressed bytes above the limit, refused before they have come',
    send: [
      binary('good'),
      encodeFrame({ opcode: Opcode.Binary, rsv1: true, declaredLength: MAX_MESSAGE + 1 }),
    ],
    expect: [gotBinary('good')],
    code: 1009,
  },
]);

/** 12.6.* and on: single frames and messages under permessage-deflate. */
export const compressedFrameCases: readonly CompressionCase[] = [
  ...examples,
  ...mixtures,
  ...wrongBits,
  ...badData,
  ...sizes,
];
