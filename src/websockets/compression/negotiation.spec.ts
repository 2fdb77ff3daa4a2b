import type { CompressionOptions } from '../connection/connection-options.js';
import { negotiate } from './negotiation.js';

const defaults: CompressionOptions = {
  threshold: 1024,
  serverMaxWindowBits: 15,
  serverNoContextTakeover: false,
};
const PMD = 'permessage-deflate';

/** The parameters of the answer, for server defaults. */
const answerTo = (header: string, options: Partial<CompressionOptions> = {}) =>
  negotiate(header, { ...defaults, ...options })?.response;

describe('negotiate', () => {
  it.each([
    // ASP.NET Core's cases
    [PMD, PMD],
    [`${PMD}; server_no_context_takeover`, `${PMD}; server_no_context_takeover`],
    [`${PMD}; client_no_context_takeover`, `${PMD}; client_no_context_takeover`],
    [`${PMD}; client_max_window_bits=9`, `${PMD}; client_max_window_bits=9`],
    [`${PMD}; client_max_window_bits="9"`, `${PMD}; client_max_window_bits=9`],
    [`${PMD}; client_max_window_bits`, `${PMD}; client_max_window_bits=15`],
    [`${PMD}; server_max_window_bits=10`, `${PMD}; server_max_window_bits=10`],
    [`${PMD}; server_max_window_bits="10"`, `${PMD}; server_max_window_bits=10`],
    // the limits of the windows
    [`${PMD}; client_max_window_bits=8`, `${PMD}; client_max_window_bits=8`],
    [`${PMD}; client_max_window_bits=15`, `${PMD}; client_max_window_bits=15`],
    [`${PMD}; server_max_window_bits=9`, `${PMD}; server_max_window_bits=9`],
    [`${PMD}; server_max_window_bits=15`, `${PMD}; server_max_window_bits=15`],
    [`${PMD}; client_max_window_bits="1\\0"`, `${PMD}; client_max_window_bits=10`],
    // the order of the answer
    [
      `${PMD}; client_max_window_bits; client_no_context_takeover`,
      `${PMD}; client_max_window_bits=15; client_no_context_takeover`,
    ],
    [
      `${PMD}; client_no_context_takeover; client_max_window_bits=11`,
      `${PMD}; client_no_context_takeover; client_max_window_bits=11`,
    ],
    [
      `${PMD}; server_max_window_bits=12; server_no_context_takeover; ` +
        'client_max_window_bits=11; client_no_context_takeover',
      `${PMD}; client_max_window_bits=11; client_no_context_takeover; ` +
        'server_no_context_takeover; server_max_window_bits=12',
    ],
    // what browsers send
    [`${PMD}; client_max_window_bits`, `${PMD}; client_max_window_bits=15`],
    [`x-webkit-deflate-frame, ${PMD}`, PMD],
    // blanks and empty elements
    [`  ${PMD}\t;\tserver_no_context_takeover `, `${PMD}; server_no_context_takeover`],
    [`${PMD};client_max_window_bits = 10`, `${PMD}; client_max_window_bits=10`],
    [`,, ${PMD} ,`, PMD],
    // other extensions are none of ours
    [`foo; bar; bar; baz="1", ${PMD}`, PMD],
    [`${PMD}, foo`, PMD],
    // the next offer
    [`${PMD}; unknown, ${PMD}`, PMD],
    [`${PMD}; unknown=1, ${PMD}; client_max_window_bits`, `${PMD}; client_max_window_bits=15`],
    [
      `${PMD}; server_max_window_bits=8, ${PMD}; server_max_window_bits=13`,
      `${PMD}; server_max_window_bits=13`,
    ],
    [
      `${PMD}; client_max_window_bits=7, ${PMD}; client_max_window_bits=13`,
      `${PMD}; client_max_window_bits=13`,
    ],
    [`${PMD}; server_max_window_bits=16, ${PMD}`, PMD],
    [`${PMD}; server_max_window_bits, ${PMD}`, PMD],
    [
      `${PMD}; server_no_context_takeover; server_no_context_takeover, ${PMD}; server_no_context_takeover`,
      `${PMD}; server_no_context_takeover`,
    ],
    // the first that can be granted, although the next asks for less
    [`${PMD}, ${PMD}; server_no_context_takeover`, PMD],
    [
      `${PMD}; server_max_window_bits=14, ${PMD}; server_max_window_bits=13`,
      `${PMD}; server_max_window_bits=14`,
    ],
    [
      `${PMD}; client_max_window_bits=8, ${PMD}; client_max_window_bits=13`,
      `${PMD}; client_max_window_bits=8`,
    ],
  ])('answers %j', (header, expected) => {
    expect(answerTo(header)).toBe(expected);
  });

  it.each([
    // other names: neither a prefix nor another case will do
    'foo',
    'permessage-deflateX',
    'permessage-deflat',
    'xpermessage-deflate',
    'Permessage-Deflate',
    'permessage-bzip2',
    // unknown parameters
    `${PMD}; unknown`,
    `${PMD}; unknown=1`,
    `${PMD}; client_max_window_bitsX=9`,
    `${PMD}; client_max_window_bit=9`,
    `${PMD}; Client_Max_Window_Bits=9`,
    `${PMD}; server_no_context_takeoverX`,
    `${PMD}; no_context_takeover`,
    `${PMD}; __proto__`,
    // doubled
    `${PMD}; client_no_context_takeover; client_no_context_takeover`,
    `${PMD}; server_no_context_takeover; server_no_context_takeover`,
    `${PMD}; client_max_window_bits; client_max_window_bits`,
    `${PMD}; client_max_window_bits=9; client_max_window_bits=9`,
    `${PMD}; client_max_window_bits=9; client_no_context_takeover; client_max_window_bits`,
    `${PMD}; server_max_window_bits=9; server_max_window_bits=10`,
    // values where there must be none
    `${PMD}; client_no_context_takeover=true`,
    `${PMD}; client_no_context_takeover=1`,
    `${PMD}; server_no_context_takeover=false`,
    `${PMD}; server_no_context_takeover="true"`,
    // bad windows
    `${PMD}; server_max_window_bits`,
    `${PMD}; server_max_window_bits=8`,
    `${PMD}; server_max_window_bits="8"`,
    ...['client', 'server'].flatMap((side) =>
      [
        '0',
        '1',
        '7',
        '16',
        '20',
        '100',
        '+9',
        '-9',
        '09',
        '010',
        '9.0',
        '1e1',
        '0xa',
        'x',
        '"16"',
      ].map((value) => `${PMD}; ${side}_max_window_bits=${value}`),
    ),
    `${PMD}; client_max_window_bits=99999999999999999999`,
    // a header that breaks the grammar, also if another offer in it is fine
    '',
    ',',
    `${PMD};`,
    `${PMD}; client_max_window_bits=`,
    `${PMD}; client_max_window_bits=""`,
    `${PMD}; client_max_window_bits="9`,
    `${PMD}; client_max_window_bits=9"`,
    `${PMD}; client_max_window_bits=" 9"`,
    `${PMD}; client_max_window_bits=9 9`,
    `${PMD}; server_max_window_bits=`,
    `${PMD}; server_max_window_bits=""`,
    `${PMD} server_no_context_takeover`,
    `${PMD}=1`,
    `${PMD}, foo;`,
    `${PMD}; client_max_window_bits=, ${PMD}`,
  ])('declines %j', (header) => {
    expect(answerTo(header)).toBeUndefined();
  });

  it('declines if there is no header', () => {
    expect(negotiate(undefined, defaults)).toBeUndefined();
  });

  it.each([
    [PMD, { serverMaxWindowBits: 14 }, `${PMD}; server_max_window_bits=14`],
    [PMD, { serverNoContextTakeover: true }, `${PMD}; server_no_context_takeover`],
    [
      PMD,
      { serverMaxWindowBits: 14, serverNoContextTakeover: true },
      `${PMD}; server_no_context_takeover; server_max_window_bits=14`,
    ],
    [
      `${PMD}; server_max_window_bits=14, ${PMD}; server_max_window_bits=13`,
      { serverMaxWindowBits: 13 },
      `${PMD}; server_max_window_bits=13`,
    ],
    [
      `${PMD}; server_max_window_bits=9`,
      { serverMaxWindowBits: 13 },
      `${PMD}; server_max_window_bits=9`,
    ],
    [
      `${PMD}; server_no_context_takeover`,
      { serverNoContextTakeover: true },
      `${PMD}; server_no_context_takeover`,
    ],
    [
      `${PMD}; client_max_window_bits`,
      { serverMaxWindowBits: 9 },
      `${PMD}; client_max_window_bits=15; server_max_window_bits=9`,
    ],
  ])('answers %j under %j', (header, options, expected) => {
    expect(answerTo(header, options)).toBe(expected);
  });

  it('says what was agreed on', () => {
    expect(negotiate(PMD, defaults)).toEqual({
      response: PMD,
      serverMaxWindowBits: 15,
      clientMaxWindowBits: 15,
      serverNoContextTakeover: false,
      clientNoContextTakeover: false,
    });
    const header =
      `${PMD}; server_max_window_bits=10; client_max_window_bits=8; ` +
      'client_no_context_takeover; server_no_context_takeover';
    expect(negotiate(header, { ...defaults, serverMaxWindowBits: 12 })).toMatchObject({
      serverMaxWindowBits: 10,
      clientMaxWindowBits: 8,
      serverNoContextTakeover: true,
      clientNoContextTakeover: true,
    });
  });

  it('lets nothing of a declined offer into the next', () => {
    const header = `${PMD}; client_no_context_takeover; server_max_window_bits=9; foo, ${PMD}`;
    expect(negotiate(header, defaults)).toEqual(negotiate(PMD, defaults));
  });
});
