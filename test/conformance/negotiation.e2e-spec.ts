import { connect, type RawSocket } from '../support/raw-client.js';
import { transports } from '../support/transports.js';
import { type SettingsSource, usePair } from '../support/use-service.js';
import { corpora } from './corpus.js';
import { createAssembler, createDeflater, serverParameters } from './deflate.js';
import { compressedFrames } from './cases/compression.js';
import { Opcode } from '../support/raw-client.js';

const PMD = 'permessage-deflate';

/** An offer, and the answer; undefined declines it. */
type Row = readonly [offer: string, answer: string | undefined];

const byDefault: readonly Row[] = [
  [PMD, PMD],
  [`${PMD}; server_no_context_takeover`, `${PMD}; server_no_context_takeover`],
  [`${PMD}; client_no_context_takeover`, `${PMD}; client_no_context_takeover`],
  [`${PMD}; client_max_window_bits=9`, `${PMD}; client_max_window_bits=9`],
  [`${PMD}; client_max_window_bits="9"`, `${PMD}; client_max_window_bits=9`],
  [`${PMD}; client_max_window_bits=8`, `${PMD}; client_max_window_bits=8`],
  [`${PMD}; client_max_window_bits`, `${PMD}; client_max_window_bits=15`],
  [`${PMD}; server_max_window_bits=10`, `${PMD}; server_max_window_bits=10`],
  [`${PMD}; server_max_window_bits="10"`, `${PMD}; server_max_window_bits=10`],
  [`${PMD}; server_max_window_bits=15`, `${PMD}; server_max_window_bits=15`],
  [
    `${PMD}; server_max_window_bits=10; client_max_window_bits=11; server_no_context_takeover; client_no_context_takeover`,
    `${PMD}; client_max_window_bits=11; client_no_context_takeover; server_no_context_takeover; server_max_window_bits=10`,
  ],
  [`${PMD};client_max_window_bits = 10`, `${PMD}; client_max_window_bits=10`],
  [`x-unknown, ${PMD}`, PMD],
  [
    `${PMD}; server_max_window_bits=8, ${PMD}; server_max_window_bits=13`,
    `${PMD}; server_max_window_bits=13`,
  ],
  [`${PMD}; mystery, ${PMD}`, PMD],
  [`${PMD}; server_no_context_takeover, ${PMD}`, `${PMD}; server_no_context_takeover`],
];

const declined: readonly string[] = [
  'x-unknown',
  `${PMD}; client_max_window_bits=7`,
  `${PMD}; client_max_window_bits=16`,
  `${PMD}; client_max_window_bits=09`,
  `${PMD}; client_max_window_bits=+9`,
  `${PMD}; client_max_window_bits=9.0`,
  `${PMD}; client_max_window_bits=99999999999`,
  `${PMD}; client_max_window_bits="15`,
  `${PMD}; client_max_window_bits=15"`,
  `${PMD}; client_max_window_bits=`,
  `${PMD}; client_max_window_bits=""`,
  `${PMD}; server_max_window_bits`,
  `${PMD}; server_max_window_bits=7`,
  `${PMD}; server_max_window_bits=8`,
  `${PMD}; server_max_window_bits=16`,
  `${PMD}; server_max_window_bits=`,
  `${PMD}; server_max_window_bits=""`,
  `${PMD}; server_max_window_bits="15`,
  `${PMD}; server_no_context_takeover=1`,
  `${PMD}; client_no_context_takeover=true`,
  `${PMD}; server_no_context_takeover; server_no_context_takeover`,
  `${PMD}; client_no_context_takeover; client_no_context_takeover`,
  `${PMD}; client_max_window_bits=9; client_max_window_bits=9`,
  `${PMD}; server_max_window_bits=9; server_max_window_bits=10`,
  `${PMD}; mystery`,
  `${PMD}; mystery=1`,
  `${PMD}X`,
  `X${PMD}`,
  'Permessage-Deflate',
  `${PMD}; client_max_window_bitsX=9`,
  `${PMD}; Server_No_Context_Takeover`,
  'x-webkit-deflate-frame',
];

const custom: readonly Row[] = [
  [PMD, `${PMD}; server_no_context_takeover; server_max_window_bits=14`],
  [
    `${PMD}; client_no_context_takeover`,
    `${PMD}; client_no_context_takeover; server_no_context_takeover; server_max_window_bits=14`,
  ],
  [
    `${PMD}; server_no_context_takeover`,
    `${PMD}; server_no_context_takeover; server_max_window_bits=14`,
  ],
  [
    `${PMD}; client_max_window_bits=9`,
    `${PMD}; client_max_window_bits=9; server_no_context_takeover; server_max_window_bits=14`,
  ],
  [
    `${PMD}; client_max_window_bits`,
    `${PMD}; client_max_window_bits=15; server_no_context_takeover; server_max_window_bits=14`,
  ],
  [
    `${PMD}; server_max_window_bits=10`,
    `${PMD}; server_no_context_takeover; server_max_window_bits=10`,
  ],
  [
    `${PMD}; server_max_window_bits=15`,
    `${PMD}; server_no_context_takeover; server_max_window_bits=14`,
  ],
  [
    `${PMD}; server_max_window_bits=14, ${PMD}; server_max_window_bits=13`,
    `${PMD}; server_no_context_takeover; server_max_window_bits=14`,
  ],
];

const groups: readonly { name: string; settings: SettingsSource; rows: readonly Row[] }[] = [
  {
    name: 'HS-20 CompressionNegotiationProducesCorrectHeaderWithDefaultOptions',
    settings: { WS_COMPRESSION: 'on' },
    rows: byDefault,
  },
  {
    name: 'HS-21 CompressionNegotiationProducesCorrectHeaderWithCustomOptions',
    settings: {
      WS_COMPRESSION: 'on',
      WS_COMPRESSION_SERVER_MAX_WINDOW_BITS: '14',
      WS_COMPRESSION_SERVER_NO_CONTEXT_TAKEOVER: 'true',
    },
    rows: custom,
  },
  {
    name: 'HS-22 CompressionNegotiateNotAccepted',
    settings: { WS_COMPRESSION: 'on' },
    rows: declined.map((offer) => [offer, undefined]),
  },
  {
    name: 'CP-01 CompressionNegotiationServerCanChooseServerNoContextTakeover',
    settings: { WS_COMPRESSION: 'on', WS_COMPRESSION_SERVER_NO_CONTEXT_TAKEOVER: 'true' },
    rows: [[PMD, `${PMD}; server_no_context_takeover`]],
  },
  {
    name: 'CP-02 CompressionNegotiationIgnoredIfNotEnabledOnServer',
    settings: { WS_COMPRESSION: 'off' },
    rows: byDefault.map(([offer]) => [offer, undefined]),
  },
  {
    name: 'CP-03 CompressionNegotiationCanChooseExtension',
    settings: { WS_COMPRESSION: 'on', WS_COMPRESSION_SERVER_MAX_WINDOW_BITS: '13' },
    rows: [
      [
        `${PMD}; server_max_window_bits=14, ${PMD}; server_max_window_bits=13`,
        `${PMD}; server_max_window_bits=13`,
      ],
      [
        `${PMD}; server_max_window_bits=16, ${PMD}; server_max_window_bits=13`,
        `${PMD}; server_max_window_bits=13`,
      ],
    ],
  },
];

describe.each(groups)('$name', ({ settings, rows }) => {
  const services = usePair(settings);

  describe.each(transports)('%s', (transport) => {
    it.each(rows)('%s is answered %s', async (offer, answer) => {
      const socket = await connect(services().targetFor(transport), '/ws', { extensions: [offer] });
      expect(socket.handshake.extensions).toBe(answer);
      await expectEcho(socket);
      socket.destroy();
    });
  });
});

describe('CP-04 CanSendAndReceiveCompressedData', () => {
  const services = usePair({ WS_COMPRESSION: 'on', WS_COMPRESSION_SERVER_MAX_WINDOW_BITS: '13' });

  it.each(transports)('8,193 random bytes with 11 and 12 bits over %s', async (transport) => {
    const socket = await connect(services().targetFor(transport), '/ws', {
      extensions: [`${PMD}; client_max_window_bits=11; server_max_window_bits=12`],
    });
    const message = corpora.noise().subarray(0, 8_193);
    const deflate = createDeflater({ windowBits: 11 });
    for (const frame of compressedFrames(Opcode.Binary, deflate(message))) socket.sendBytes(frame);
    const assemble = createAssembler(serverParameters(socket), () => true);
    expect(assemble([await socket.next()])).toEqual(message);
    socket.destroy();
  });
});

/** Whatever was agreed on, the socket works. */
async function expectEcho(socket: RawSocket): Promise<void> {
  socket.send('uncompressed');
  expect(String((await socket.nextMessage()).data)).toBe('uncompressed');
}
