import { encodeFrame, Opcode } from '../../support/raw-client.js';
import type { ConformanceCase } from '../case.js';
import { chopped, continuation, gotText, ping, text, together } from '../case.js';

/** RSV1 is the highest of the three bits. */
const rsv = (bits: number) => ({
  rsv1: (bits & 4) !== 0,
  rsv2: (bits & 2) !== 0,
  rsv3: (bits & 1) !== 0,
});

const behindGoodText = (bits: number): Buffer =>
  together(text('good'), text('bad', rsv(bits)), ping());

const afterEcho = { expect: [gotText('good')], close: { code: 1002 } };

const named: ConformanceCase[] = [
  { id: '3.1', name: 'text with RSV 1', send: [text('Hello', rsv(1))], close: { code: 1002 } },
  { id: '3.2', name: 'good text, text with RSV 2, ping', send: [behindGoodText(2)], ...afterEcho },
  {
    id: '3.3',
    name: 'good text, text with RSV 3, ping, each in a write',
    send: [text('good'), text('bad', rsv(3)), ping()],
    ...afterEcho,
  },
  {
    id: '3.4',
    name: 'good text, text with RSV 4, ping, byte by byte',
    send: chopped(behindGoodText(4)),
    ...afterEcho,
  },
];

const PAYLOADS = {
  Text: 'Hello',
  Binary: 'Hello',
  Close: '\x03\xe8',
  Ping: 'Hello',
  Pong: 'Hello',
} as const;
const kinds = Object.keys(PAYLOADS) as (keyof typeof PAYLOADS)[];
const allBits = [1, 2, 3, 4, 5, 6, 7];

/** Every combination on every frame, with nothing negotiated that could give it a meaning. */
const everyFrame: ConformanceCase[] = kinds.flatMap((kind, index) =>
  allBits.map((bits) => ({
    id: `3.${index + 5}.${bits}`,
    name: `${kind} with RSV ${bits}`,
    send: [
      encodeFrame({
        opcode: Opcode[kind],
        payload: Buffer.from(PAYLOADS[kind], 'latin1'),
        ...rsv(bits),
      }),
    ],
    close: { code: 1002 },
  })),
);

const onContinuation: ConformanceCase[] = allBits.map((bits) => ({
  id: `3.10.${bits}`,
  name: `continuation with RSV ${bits}`,
  send: [together(text('Hel', { fin: false }), continuation('lo', rsv(bits)))],
  close: { code: 1002 },
}));

const beforePayload: ConformanceCase[] = allBits.map((bits) => ({
  id: `3.11.${bits}`,
  name: `RSV ${bits}, refused before the payload has come`,
  send: [encodeFrame({ ...rsv(bits), declaredLength: 1_000 })],
  close: { code: 1002 },
}));

/** 3.*: reserved bits without an extension. */
export const reservedBitCases: readonly ConformanceCase[] = [
  ...named,
  ...everyFrame,
  ...onContinuation,
  ...beforePayload,
];
