import type { ConformanceCase } from '../case.js';
import { chopped, close, gotPong, gotText, ping, pong, receive, text, together } from '../case.js';
import { sampleBytes } from '../sample.js';

const NOT_UTF8 = Buffer.from('00fffefdfcfb00ff', 'hex');

const tenPayloads = Array.from({ length: 10 }, (_, index) => `payload-${index}`);
const tenPings = together(...tenPayloads.map((payload) => ping(payload)));
const tenPongs = tenPayloads.map(gotPong);

/** 2.*: each Ping is answered by one Pong with its payload; a Pong is answered by nothing. */
export const pingCases: readonly ConformanceCase[] = [
  { id: '2.1', name: 'empty ping', send: [ping()], expect: [gotPong('')] },
  { id: '2.2', name: 'ping with text', send: [ping('Hello')], expect: [gotPong('Hello')] },
  {
    id: '2.3',
    name: 'ping with bytes that are no UTF-8',
    send: [ping(NOT_UTF8)],
    expect: [gotPong(NOT_UTF8)],
  },
  {
    id: '2.4',
    name: 'ping of 125 bytes',
    send: [ping(sampleBytes(125))],
    expect: [gotPong(sampleBytes(125))],
  },
  {
    id: '2.5',
    name: 'ping of 126 bytes',
    send: [ping(sampleBytes(126))],
    close: { code: 1002 },
  },
  {
    id: '2.6',
    name: 'ping of 125 bytes, byte by byte',
    send: chopped(ping(sampleBytes(125))),
    expect: [gotPong(sampleBytes(125))],
  },
  { id: '2.7', name: 'unsolicited empty pong', send: [pong()] },
  { id: '2.8', name: 'unsolicited pong with payload', send: [pong('unasked')] },
  {
    id: '2.9',
    name: 'unsolicited pong, then a ping',
    send: [pong('unasked'), ping('asked')],
    expect: [gotPong('asked')],
  },
  { id: '2.10', name: 'ten pings in one write', send: [tenPings], expect: tenPongs },
  { id: '2.11', name: 'ten pings, byte by byte', send: chopped(tenPings), expect: tenPongs },
  {
    id: '2.12',
    name: 'ten pings, each after the pong of the one before',
    send: tenPayloads.flatMap((payload) => [ping(payload), receive(1)]),
    expect: tenPongs,
  },
  {
    id: '2.13',
    name: 'pings of 0 to 125 bytes between messages, in order',
    send: Array.from({ length: 126 }, (_, length) =>
      together(ping(sampleBytes(length)), text(`after ${length}`)),
    ),
    expect: Array.from({ length: 126 }, (_, length) => [
      gotPong(sampleBytes(length)),
      gotText(`after ${length}`),
    ]).flat(),
  },
  {
    id: '2.14',
    name: 'pong of 126 bytes',
    send: [pong(sampleBytes(126))],
    close: { code: 1002 },
  },
  {
    id: '2.15',
    name: 'ping of 65,536 bytes',
    send: [ping(sampleBytes(65_536))],
    close: { code: 1002 },
  },
  {
    id: '2.16',
    name: 'a ping and the Close frame in one write: the pong goes first',
    send: [together(ping('last'), close(1000, 'bye'))],
    expect: [gotPong('last')],
    close: { code: 1000, reason: 'bye' },
  },
  {
    id: '2.17',
    name: '1,000 pings in one write',
    send: [together(...Array.from({ length: 1_000 }, (_, index) => ping(String(index))))],
    expect: Array.from({ length: 1_000 }, (_, index) => gotPong(String(index))),
  },
];
