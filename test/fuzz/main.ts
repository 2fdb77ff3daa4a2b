/**
 * `npm run fuzz`: random streams into Wren, on all transports, and into a plain `ws` server.
 *
 *     npm run fuzz -- --seed 1 --cases 10000 --seconds 600 --first 0
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { endLeftovers } from '../support/leftovers.js';
import { startPair } from '../support/service.js';
import { transports } from '../support/transports.js';
import { Campaign, describeFailure } from './campaign.js';
import { WREN_SETTINGS, WsEchoServer } from './servers.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    cases: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '600' },
    first: { type: 'string', default: '0' },
  },
});
const [seed, cases, seconds, first] = [values.seed, values.cases, values.seconds, values.first].map(
  Number,
);
const PROGRESS_EVERY = 1000;

const [services, ws] = await Promise.all([startPair(WREN_SETTINGS), WsEchoServer.start()]);
const campaign = new Campaign({
  seed,
  wren: transports.map((transport) => services.targetFor(transport)),
  ws: ws.target,
});
console.log(`fuzzing with --seed ${seed}, at most ${cases} cases and ${seconds} s`);

const begin = performance.now();
let index = first;
const failure = await campaign.run(() => {
  const isOver = index >= first + cases || performance.now() - begin > seconds * 1000;
  if (isOver) return undefined;
  const done = index - first;
  if (done > 0 && done % PROGRESS_EVERY === 0) console.log(`${done} cases`);
  return index++;
});
const took = ((performance.now() - begin) / 1000).toFixed(1);
console.log(`${index - first} cases on ${transports.length} transports and ws in ${took} s`);
if (failure) {
  console.error(describeFailure(failure));
  process.exitCode = 1;
}
campaign.close();
ws.stop();
await services.stop();
endLeftovers();
