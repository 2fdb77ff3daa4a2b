import { isDeepStrictEqual } from 'node:util';
import { noSocketIsOpen } from '../apps/open-sockets.js';
import { type TransportName, transports } from '../support/transports.js';
import { usePair } from '../support/use-service.js';
import { Campaign, type CampaignOptions, describeFailure } from './campaign.js';
import { differences, wrenRules, wsRules } from './differences.js';
import { fuzzCase } from './fuzz-case.js';
import { expectedOutcome } from './reader-model.js';
import { WREN_SETTINGS, WsEchoServer } from './servers.js';

/** The cases of this seed; `npm run fuzz` takes others. */
const SEED = 1;
/** How many over HTTP/1.1, and over each other transport. */
const MOST = 2000;
const SOME = 200;

const TEST_TIMEOUT_MS = 120_000;

const shares: readonly { transport: TransportName; cases: number }[] = transports.map(
  (transport) => ({ transport, cases: transport === 'h1' ? MOST : SOME }),
);

describe('random streams', () => {
  const services = usePair(WREN_SETTINGS);
  let ws: WsEchoServer;
  beforeAll(async () => {
    ws = await WsEchoServer.start();
  });
  afterAll(() => ws.stop());

  it.each(shares)(
    'do over $transport what they do in ws, $cases cases',
    async ({ transport, cases }) => {
      const target = services().targetFor(transport);
      await expectNoFailure({ seed: SEED, wren: [target], ws: ws.target }, cases);
      await noSocketIsOpen(target);
      const service = services().serviceFor(transport);
      expect(service.log.filter(({ level }) => level === 'error')).toEqual([]);
    },
    TEST_TIMEOUT_MS,
  );
});

async function expectNoFailure(options: CampaignOptions, cases: number): Promise<void> {
  const campaign = new Campaign(options);
  let index = 0;
  try {
    const failure = await campaign.run(() => (index < cases ? index++ : undefined));
    if (failure) throw new Error(describeFailure(failure));
  } finally {
    campaign.close();
  }
}

describe('the differences from ws', () => {
  it.each(Object.keys(differences) as (keyof typeof differences)[])(
    'has cases of its own among those of this seed: %s',
    (name) => {
      const withoutIt = { ...wrenRules, [name]: wsRules[name] };
      const isSeen = Array.from({ length: MOST }, (_, index) => index).some((index) => {
        const { pieces, compression } = fuzzCase(SEED, index);
        const stream = Buffer.concat(pieces);
        const [one, other] = [wrenRules, withoutIt].map((rules) =>
          expectedOutcome(stream, compression, rules),
        );
        return !isDeepStrictEqual(one, other);
      });
      expect(isSeen).toBe(true);
    },
  );
});
