import { transports } from '../support/transports.js';
import { usePair } from '../support/use-service.js';
import type { ConformanceCase } from './case.js';
import { frameCases } from './cases/index.js';
import { testCases } from './run-all.js';

/** With these the server ends the socket at once, whatever the action has not answered yet. */
const VIOLATIONS: readonly unknown[] = [1002, 1007, 1008, 1009];

/**
 * The controller action answers a message in a later turn than the one that read it: a Pong may
 * overtake the answer, and a violation in the same write ends the socket before it.
 */
const isAnsweredInAnyTurn = ({ expect = [], close }: ConformanceCase): boolean => {
  const pongs = expect.filter(({ kind }) => kind === 'pong').length;
  if (pongs === expect.length) return true;
  return pongs === 0 && !VIOLATIONS.includes(close?.code);
};

describe('conformance', () => {
  const services = usePair({ WS_KEEP_ALIVE_INTERVAL: '0' });

  describe.each(transports)('%s', (transport) => {
    describe('1 to 7 again, through a controller action', () => {
      const cases = Object.values(frameCases).flat().filter(isAnsweredInAnyTurn);
      testCases(cases, () => services().targetFor(transport), { path: '/connect' });
    });
  });
});
