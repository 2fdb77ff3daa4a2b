import { encodeFrame } from '../../support/raw-client.js';
import type { ConformanceCase, Step } from '../case.js';
import { chopped, gotText, ping, text, together } from '../case.js';

const DATA_OPCODES = [3, 4, 5, 6, 7];
const CONTROL_OPCODES = [11, 12, 13, 14, 15];

interface Variant {
  readonly name: string;
  readonly send: (opcode: number) => readonly Step[];
  readonly echoes: boolean;
}

const VARIANTS: readonly Variant[] = [
  { name: 'empty', send: (opcode) => [encodeFrame({ opcode })], echoes: false },
  {
    name: 'with payload',
    send: (opcode) => [encodeFrame({ opcode, payload: 'reserved' })],
    echoes: false,
  },
  {
    name: 'behind a good message and before a ping',
    send: (opcode) => [together(text('good'), encodeFrame({ opcode }), ping())],
    echoes: true,
  },
  {
    name: 'with payload behind a good message and before a ping, each in a write',
    send: (opcode) => [text('good'), encodeFrame({ opcode, payload: 'reserved' }), ping()],
    echoes: true,
  },
  {
    name: 'behind a good message and before a ping, byte by byte',
    send: (opcode) =>
      chopped(together(text('good'), encodeFrame({ opcode, payload: 'reserved' }), ping())),
    echoes: true,
  },
  { name: 'without FIN', send: (opcode) => [encodeFrame({ opcode, fin: false })], echoes: false },
  {
    name: 'between two fragments',
    send: (opcode) => [together(text('Hel', { fin: false }), encodeFrame({ opcode }))],
    echoes: false,
  },
];

const casesOf = (opcodes: readonly number[], group: string): ConformanceCase[] =>
  opcodes.flatMap((opcode, index) =>
    VARIANTS.map(({ name, send, echoes }, variant) => ({
      id: `${group}.${index + 1}.${variant + 1}`,
      name: `opcode ${opcode} ${name}`,
      send: send(opcode),
      expect: echoes ? [gotText('good')] : [],
      close: { code: 1002 },
    })),
  );

/** 4.*: every reserved opcode, in every place. */
export const opcodeCases: readonly ConformanceCase[] = [
  ...casesOf(DATA_OPCODES, '4.1'),
  ...casesOf(CONTROL_OPCODES, '4.2'),
];
