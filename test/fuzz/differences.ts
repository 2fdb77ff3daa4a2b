/**
 * Where Wren and `ws` differ on purpose. Nothing else may differ: for each of these, the fuzzer
 * asserts of either server that it does what stands here.
 */
export const differences = {
  longLength: {
    wren: 'refused',
    ws: 'read',
    reason: 'RFC 6455, 5.2: "the minimal number of bytes MUST be used to encode the length"',
  },
  firstLengthBit: {
    wren: 1002,
    ws: 1009,
    reason: 'RFC 6455, 5.2: "the most significant bit MUST be 0"; ws takes it for a large message',
  },
  emptyClose: {
    wren: 1000,
    ws: undefined,
    reason: 'a client of ASP.NET Core expects 1000; ws echoes the frame as it came',
  },
  badText: {
    wren: 'at its first bad byte',
    ws: 'at the end of the message',
    reason: 'RFC 6455, 8.1, leaves it open; to fail early saves the rest',
  },
  oneByteClose: {
    wren: 'when it is complete',
    ws: 'by its head',
    reason: 'seen only if the stream ends before the byte comes',
  },
  controlFrames: {
    wren: 1000,
    ws: Infinity,
    reason: 'a client that sends nothing but Pings and Pongs keeps the processor busy',
  },
  emptyDeflate: {
    wren: 'refused',
    ws: 'read',
    reason: 'RFC 7692, 7.2.3.6: an empty message is one byte; ws is left inside of a block',
  },
  behindFinalBlock: {
    wren: 'read',
    ws: 'dropped',
    reason: 'RFC 7692, 7.2.3.5: blocks may follow one with BFINAL',
  },
  finalBlocks: {
    wren: 16,
    ws: Infinity,
    reason: 'every one costs a new zlib stream; ws reads one for each message',
  },
  finalBlockInTail: {
    wren: 'ends the window',
    ws: 'swallows the next message',
    reason: 'a bug of ws: it does not notice the end when no byte is left behind it',
  },
  inflatesBy: {
    wren: 'message',
    ws: 'fragment',
    reason: 'seen if a fragment is no DEFLATE and something else happens before the last one',
  },
} as const;

type Differences = typeof differences;

/** What one of the two does. */
export type Rules = { readonly [K in keyof Differences]: Differences[K]['wren' | 'ws'] };

const rulesOf = (server: 'wren' | 'ws'): Rules =>
  Object.fromEntries(
    Object.entries(differences).map(([name, difference]) => [name, difference[server]]),
  ) as Rules;

export const wrenRules = rulesOf('wren');
export const wsRules = rulesOf('ws');
