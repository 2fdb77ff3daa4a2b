import { encodeFrame, Opcode } from '../../support/raw-client.js';
import type { ConformanceCase, Received, Step } from '../case.js';
import { gotBinary, gotText, once, pieces, together } from '../case.js';
import { type CorpusName, messageOf, repeatedNoise } from '../corpus.js';
import { createDeflater, type DeflateParameters } from '../deflate.js';

export interface CompressionCase extends ConformanceCase {
  /** The value of Sec-WebSocket-Extensions. */
  readonly offer: string;
}

export const PLAIN_OFFER = 'permessage-deflate';
const KIB = 1024;

interface Size {
  readonly size: number;
  /** Bytes of a frame's payload, compressed; absent: one frame. */
  readonly fragment?: number;
}

/** As in the Autobahn test suite. */
const SIZES: readonly Size[] = [
  ...[16, 64, 256, KIB, 4 * KIB, 8 * KIB, 16 * KIB, 32 * KIB, 64 * KIB, 128 * KIB].map((size) => ({
    size,
  })),
  ...[8 * KIB, 16 * KIB, 32 * KIB, 64 * KIB, 128 * KIB].map((size) => ({ size, fragment: 256 })),
  ...[KIB, 4 * KIB, 32 * KIB].map((fragment) => ({ size: 128 * KIB, fragment })),
];

const messagesOf = (size: number): number => (size > 4 * KIB ? 4 : 40);

/** The frames of one message, compressed already. */
export function compressedFrames(opcode: number, payload: Buffer, fragment = Infinity): Buffer[] {
  const parts = payload.length > fragment ? pieces(payload, fragment) : [payload];
  return parts.map((part, index) =>
    encodeFrame({
      opcode: index === 0 ? opcode : Opcode.Continuation,
      rsv1: index === 0,
      fin: index === parts.length - 1,
      payload: part,
    }),
  );
}

function exchangeOf(
  corpus: CorpusName,
  { size, fragment }: Size,
  client: DeflateParameters,
): Pick<ConformanceCase, 'send' | 'expect'> {
  const isBinary = corpus === 'noise' || corpus === 'zeros';
  const opcode = isBinary ? Opcode.Binary : Opcode.Text;
  const messages = Array.from({ length: messagesOf(size) }, (_, i) => messageOf(corpus, size, i));
  const send = once((): Step[] => {
    const deflate = createDeflater(client);
    return messages.map((message) =>
      together(...compressedFrames(opcode, deflate(message), fragment)),
    );
  });
  return { send, expect: messages.map((data) => (isBinary ? gotBinary(data) : gotText(data))) };
}

const describe = ({ size, fragment }: Size): string =>
  `${size} bytes${fragment === undefined ? '' : ` in fragments of ${fragment}`}`;

const CORPORA: readonly CorpusName[] = ['json', 'prose', 'markup', 'noise', 'zeros'];

/** 12.*: what is compressed, with nothing agreed on but compression. */
export const contentCases: readonly CompressionCase[] = CORPORA.flatMap((corpus, group) =>
  SIZES.map((size, index) => ({
    id: `12.${group + 1}.${index + 1}`,
    name: `${corpus}, messages of ${describe(size)}`,
    offer: PLAIN_OFFER,
    ...exchangeOf(corpus, size, {}),
  })),
);

interface ParameterGroup {
  readonly offer: string;
  readonly client: DeflateParameters;
}

const withParameters = (...parameters: string[]): string => [PLAIN_OFFER, ...parameters].join('; ');

const GROUPS: readonly ParameterGroup[] = [
  { offer: PLAIN_OFFER, client: {} },
  { offer: withParameters('server_no_context_takeover'), client: {} },
  {
    offer: withParameters('client_max_window_bits=9', 'server_max_window_bits=9'),
    client: { windowBits: 9 },
  },
  {
    offer: withParameters('client_max_window_bits=15', 'server_max_window_bits=15'),
    client: { windowBits: 15 },
  },
  {
    offer: withParameters(
      'client_no_context_takeover',
      'server_no_context_takeover',
      'client_max_window_bits=9',
      'server_max_window_bits=9',
    ),
    client: { windowBits: 9, noContextTakeover: true },
  },
  {
    offer: withParameters('client_no_context_takeover', 'client_max_window_bits'),
    client: { noContextTakeover: true },
  },
  {
    offer: [
      withParameters('server_max_window_bits=8'),
      withParameters('mystery'),
      withParameters('server_no_context_takeover', 'client_no_context_takeover'),
      PLAIN_OFFER,
    ].join(', '),
    client: { noContextTakeover: true },
  },
];

const parameterGroups = GROUPS.flatMap(({ offer, client }, group): CompressionCase[] =>
  SIZES.map((size, index) => ({
    id: `13.${group + 1}.${index + 1}`,
    name: `messages of ${describe(size)}, offer ${offer}`,
    offer,
    ...exchangeOf('json', size, client),
  })),
);

/** Noise that repeats itself inside of, at the edge of and outside of the server's window. */
const windowCases = [9, 10, 11, 12, 13, 14, 15].flatMap((bits, index): CompressionCase[] =>
  ['', 'server_no_context_takeover'].map((takeover, turn) => {
    const gaps = [-300, -1, 0, 100, 400].map((more) => 2 ** bits + more);
    const messages = gaps.map(repeatedNoise).flatMap((message) => [message, message]);
    return {
      id: `13.8.${2 * index + turn + 1}`,
      name: `a server window of ${bits} bits ${takeover || 'with context takeover'}`,
      offer: withParameters(`server_max_window_bits=${bits}`, ...(takeover ? [takeover] : [])),
      send: once(() => messages.map((payload) => encodeFrame({ opcode: Opcode.Binary, payload }))),
      expect: messages.map((message): Received => gotBinary(message)),
    };
  }),
);

const clientWindowCases = [9, 10, 11, 12, 13, 14, 15].map((bits, index): CompressionCase => {
  const messages = [-300, 0, 100].map((more) => repeatedNoise(2 ** bits + more));
  return {
    id: `13.9.${index + 1}`,
    name: `a client window of ${bits} bits`,
    offer: withParameters(`client_max_window_bits=${bits}`),
    send: once(() => {
      const deflate = createDeflater({ windowBits: bits });
      return [...messages, ...messages].flatMap((message) =>
        compressedFrames(Opcode.Binary, deflate(message)),
      );
    }),
    expect: [...messages, ...messages].map((message): Received => gotBinary(message)),
  };
});

/** 13.*: every window and takeover setting. */
export const parameterCases: readonly CompressionCase[] = [
  ...parameterGroups,
  ...windowCases,
  ...clientWindowCases,
];
