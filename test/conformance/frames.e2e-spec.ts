import { transports } from '../support/transports.js';
import { usePair } from '../support/use-service.js';
import { frameCases } from './cases/index.js';
import { testCases } from './run-all.js';

describe('conformance', () => {
  const services = usePair({ WS_KEEP_ALIVE_INTERVAL: '0' });

  describe.each(transports)('%s', (transport) => {
    describe.each(Object.entries(frameCases))('%s', (_group, cases) => {
      testCases(cases, () => services().targetFor(transport));
    });
  });
});
