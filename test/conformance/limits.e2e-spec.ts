import { transports } from '../support/transports.js';
import { usePair } from '../support/use-service.js';
import { LIMIT_SETTINGS, limitCases } from './cases/limits.js';
import { SIZE_SETTINGS, sizeCases } from './cases/sizes.js';
import { testCases } from './run-all.js';

const groups = [
  { group: '9 and 10 sizes', settings: SIZE_SETTINGS, cases: sizeCases, casesAtOnce: 3 },
  { group: '14 limits', settings: LIMIT_SETTINGS, cases: limitCases, casesAtOnce: 8 },
];

describe.each(groups)('conformance', ({ group, settings, cases, casesAtOnce }) => {
  const services = usePair({ WS_KEEP_ALIVE_INTERVAL: '0', ...settings });

  describe.each(transports)('%s', (transport) => {
    describe(group, () => {
      testCases(cases, () => services().targetFor(transport), { casesAtOnce });
    });
  });
});
