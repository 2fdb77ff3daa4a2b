import { Opcode } from '../../support/raw-client.js';
import type { ConformanceCase, Step } from '../case.js';
import { binary, fragments, gotBinary, gotText, once, pieces, receive, text } from '../case.js';
import { sampleBytes, sampleText } from '../sample.js';

const KIB = 1024;
const MIB = 1024 * KIB;

/** For these cases. */
export const SIZE_SETTINGS = { WS_MAX_MESSAGE_SIZE: '16mb' } as const;

/** Text is the odd group of a pair, binary the even one. */
const kinds = [
  { name: 'text', frame: text, got: gotText, sample: sampleText, opcode: Opcode.Text },
  { name: 'binary', frame: binary, got: gotBinary, sample: sampleBytes, opcode: Opcode.Binary },
] as const;

const WRITE = 64 * KIB;

/** What a stream does with a long write, made visible: writes of 64 KiB. */
const inWrites = (frames: readonly Buffer[]): Step[] => pieces(Buffer.concat(frames), WRITE);

const WHOLE = [64 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB];
const FRAGMENTS = [64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB];
const WRITES = [64, 128, 256, 512, KIB, 2 * KIB];
const ROUND_TRIPS = [0, 16, 64, 256, KIB, 4 * KIB];
const ROUNDS = 1_000;

const rounds = <T>(value: () => T): T[] => Array.from({ length: ROUNDS }, value);

const wholeCases = kinds.flatMap(({ name, frame, got, sample }, kind): ConformanceCase[] =>
  WHOLE.map((size, index) => ({
    id: `9.${kind + 1}.${index + 1}`,
    name: `${name} of ${size} bytes`,
    send: () => inWrites([frame(sample(size))]),
    expect: [got(sample(size))],
  })),
);

const fragmentCases = kinds.flatMap(({ name, got, sample, opcode }, kind): ConformanceCase[] =>
  FRAGMENTS.map((size, index) => ({
    id: `9.${kind + 3}.${index + 1}`,
    name: `${name} of 4 MiB in ${(4 * MIB) / size} fragments of ${size} bytes`,
    send: once(() => inWrites(fragments(opcode, pieces(sample(4 * MIB), size)))),
    expect: [got(sample(4 * MIB))],
  })),
);

const writeCases = kinds.flatMap(({ name, frame, got, sample }, kind): ConformanceCase[] =>
  WRITES.map((size, index) => ({
    id: `9.${kind + 5}.${index + 1}`,
    name: `${name} of 1 MiB in writes of ${size} bytes`,
    send: () => pieces(frame(sample(MIB)), size),
    expect: [got(sample(MIB))],
  })),
);

const roundTripCases = kinds.flatMap(({ name, frame, got, sample }, kind): ConformanceCase[] =>
  ROUND_TRIPS.map((size, index) => ({
    id: `9.${kind + 7}.${index + 1}`,
    name: `${ROUNDS} round trips with ${name} of ${size} bytes`,
    send: () => rounds((): Step[] => [frame(sample(size)), receive(1)]).flat(),
    expect: rounds(() => got(sample(size))),
  })),
);

const autoFragmentation: ConformanceCase = {
  id: '10.1.1',
  name: 'text of 65,536 bytes in fragments of 1,300',
  send: fragments(Opcode.Text, pieces(sampleText(65_536), 1_300)),
  expect: [gotText(sampleText(65_536))],
};

/** 9.* and 10.*: large messages, many fragments, many writes, many round trips. */
export const sizeCases: readonly ConformanceCase[] = [
  ...wholeCases,
  ...fragmentCases,
  ...writeCases,
  ...roundTripCases,
  autoFragmentation,
];
