import type { RawSocket } from '../support/raw-client.js';
import { transports } from '../support/transports.js';
import { usePair } from '../support/use-service.js';
import { compressedFrameCases } from './cases/compressed-frames.js';
import {
  type CompressionCase,
  contentCases,
  parameterCases,
  PLAIN_OFFER,
} from './cases/compression.js';
import { frameCases } from './cases/index.js';
import { thresholdCases } from './cases/threshold.js';
import { createAssembler, serverParameters } from './deflate.js';
import { testCases } from './run-all.js';
import type { Assemble } from './run-case.js';

interface Group {
  readonly group: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly cases: readonly CompressionCase[];
  /** Whether a message of so many bytes has to come back compressed. */
  readonly isCompressed: (size: number) => boolean;
}

const EVERY_MESSAGE = { WS_COMPRESSION_THRESHOLD: '0' };

/** What does not depend on RSV1 has to go on as without compression. */
const plainCases: CompressionCase[] = Object.entries(frameCases)
  .filter(([name]) => !/^[36]/.test(name))
  .flatMap(([, cases]) => cases)
  .map((plain) => ({ ...plain, offer: PLAIN_OFFER }));

const groups: readonly Group[] = [
  {
    group: '12 and 13 compression',
    settings: EVERY_MESSAGE,
    cases: [...contentCases, ...compressedFrameCases, ...parameterCases],
    isCompressed: () => true,
  },
  {
    group: '13 compression with a server window of 9 bits and no context takeover',
    settings: {
      ...EVERY_MESSAGE,
      WS_COMPRESSION_SERVER_MAX_WINDOW_BITS: '9',
      WS_COMPRESSION_SERVER_NO_CONTEXT_TAKEOVER: 'true',
    },
    cases: parameterCases,
    isCompressed: () => true,
  },
  {
    group: '15 compression from 1 KiB on',
    settings: { WS_COMPRESSION_THRESHOLD: '1kb' },
    cases: [...thresholdCases, ...plainCases],
    isCompressed: (size) => size >= 1024,
  },
];

describe.each(groups)('conformance', ({ group, settings, cases, isCompressed }) => {
  const services = usePair({ WS_COMPRESSION: 'on', WS_KEEP_ALIVE_INTERVAL: '0', ...settings });
  const assemblerFor = (socket: RawSocket): Assemble =>
    createAssembler(serverParameters(socket), isCompressed);

  describe.each(transports)('%s', (transport) => {
    describe(group, () => {
      testCases(cases, () => services().targetFor(transport), {
        setupFor: ({ offer }) => ({ options: { extensions: [offer] }, assemblerFor }),
      });
    });
  });
});
