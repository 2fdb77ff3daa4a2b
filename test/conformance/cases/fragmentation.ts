import { Opcode } from '../../support/raw-client.js';
import type { ConformanceCase, Step } from '../case.js';
import {
  binary,
  chopped,
  continuation,
  fragments,
  gotBinary,
  gotPong,
  gotText,
  ping,
  pong,
  receive,
  sync,
  text,
  together,
} from '../case.js';
import { sampleBytes } from '../sample.js';

const open = { fin: false };
const twoFragments = fragments(Opcode.Text, ['frag1', 'frag2']);
const bothEchoed = [gotText('frag1frag2')];

const withPing = [text('frag1', open), ping('between'), continuation('frag2')];
const pongThenEcho = [gotPong('between'), gotText('frag1frag2')];

const controlInFragments: ConformanceCase[] = [
  {
    id: '5.1',
    name: 'ping in two fragments',
    send: [ping('frag1', open), continuation('frag2')],
    close: { code: 1002 },
  },
  {
    id: '5.2',
    name: 'pong in two fragments',
    send: [pong('frag1', open), continuation('frag2')],
    close: { code: 1002 },
  },
];

const goodFragments: ConformanceCase[] = [
  { id: '5.3', name: 'two fragments', send: twoFragments, expect: bothEchoed },
  {
    id: '5.4',
    name: 'two fragments in one write',
    send: [together(...twoFragments)],
    expect: bothEchoed,
  },
  {
    id: '5.5',
    name: 'two fragments, byte by byte',
    send: chopped(together(...twoFragments)),
    expect: bothEchoed,
  },
  { id: '5.6', name: 'a ping between two fragments', send: withPing, expect: pongThenEcho },
  {
    id: '5.7',
    name: 'a ping between two fragments, in one write',
    send: [together(...withPing)],
    expect: pongThenEcho,
  },
  {
    id: '5.8',
    name: 'a ping between two fragments, byte by byte',
    send: chopped(together(...withPing)),
    expect: pongThenEcho,
  },
];

/** Three ways to write the same frames: one by one, at once, byte by byte. */
function threeWays(firstId: number, name: string, frames: readonly Buffer[]): ConformanceCase[] {
  const ways: [string, Step[]][] = [
    ['', frames.flatMap((frame) => [frame, sync])],
    [', in one write', [together(...frames)]],
    [', byte by byte', chopped(together(...frames))],
  ];
  return ways.map(([way, send], index) => ({
    id: `5.${firstId + index}`,
    name: `${name}${way}`,
    send,
    close: { code: 1002 },
  }));
}

const nothingToContinue: ConformanceCase[] = [
  ...threeWays(9, 'a final continuation of nothing, then text', [continuation('x'), text('Hello')]),
  ...threeWays(12, 'an open continuation of nothing, then text', [
    continuation('x', open),
    text('Hello'),
  ]),
  {
    id: '5.15',
    name: 'a whole message in fragments, then an open continuation, then text',
    send: [together(...twoFragments, continuation('x', open), text('Hello'))],
    expect: bothEchoed,
    close: { code: 1002 },
  },
  {
    id: '5.16',
    name: 'twice an open continuation of nothing and text',
    send: [continuation('x', open), text('a'), continuation('x', open), text('b')],
    close: { code: 1002 },
  },
  {
    id: '5.17',
    name: 'twice a final continuation of nothing and text',
    send: [continuation('x'), text('a'), continuation('x'), text('b')],
    close: { code: 1002 },
  },
  {
    id: '5.18',
    name: 'both fragments with the opcode of text',
    send: [text('frag1', open), text('frag2')],
    close: { code: 1002 },
  },
];

const fiveParts = ['frag1', 'frag2', 'frag3', 'frag4', 'frag5'];
const [first, second, third, fourth, fifth] = fragments(Opcode.Text, fiveParts);
const fiveWithPings = [first, second, ping('one'), third, fourth, ping('two'), fifth];
const fiveEchoed = [gotPong('one'), gotPong('two'), gotText(fiveParts.join(''))];

const manyFragments: ConformanceCase[] = [
  { id: '5.19', name: 'five fragments and two pings', send: fiveWithPings, expect: fiveEchoed },
  {
    id: '5.20',
    name: 'five fragments and two pings, the pong awaited each time',
    send: fiveWithPings.flatMap((frame) =>
      frame === fiveWithPings[2] || frame === fiveWithPings[5]
        ? [frame, receive(1)]
        : [frame, sync],
    ),
    expect: fiveEchoed,
  },
  {
    id: '5.21',
    name: 'binary in 256 fragments of one byte',
    send: fragments(
      Opcode.Binary,
      Array.from({ length: 256 }, (_, byte) => Buffer.of(byte)),
    ),
    expect: [gotBinary(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)))],
  },
  {
    id: '5.22',
    name: 'empty fragments before, between and behind others',
    send: fragments(Opcode.Text, ['', 'a', '', '', 'b', '']),
    expect: [gotText('ab')],
  },
  {
    id: '5.23',
    name: 'fragments of 125, 126, 65,535 and 65,536 bytes in one message',
    send: fragments(Opcode.Binary, [125, 126, 65_535, 65_536].map(sampleBytes)),
    expect: [gotBinary(Buffer.concat([125, 126, 65_535, 65_536].map(sampleBytes)))],
  },
  {
    id: '5.24',
    name: 'two messages in fragments, one behind the other',
    send: [...twoFragments, ...fragments(Opcode.Binary, ['bin1', 'bin2'])],
    expect: [...bothEchoed, gotBinary('bin1bin2')],
  },
];

const newMessageInside: ConformanceCase[] = [
  ['text', 'text', [text('a', open), text('b')]],
  ['text', 'binary', [text('a', open), binary('b')]],
  ['binary', 'text', [binary('a', open), text('b')]],
  ['binary', 'binary', [binary('a', open), binary('b', open)]],
].map(([outer, inner, send], index) => ({
  id: `5.25.${index + 1}`,
  name: `${String(inner)} inside of fragmented ${String(outer)}`,
  send: send as Buffer[],
  close: { code: 1002 },
}));

/** 5.*: fragments. */
export const fragmentationCases: readonly ConformanceCase[] = [
  ...controlInFragments,
  ...goodFragments,
  ...nothingToContinue,
  ...manyFragments,
  ...newMessageInside,
];
