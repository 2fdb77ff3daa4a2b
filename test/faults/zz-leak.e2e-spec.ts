import { setImmediate, setTimeout } from 'node:timers/promises';
import { openSession } from '../support/raw-client.js';
import { authorityOf } from '../support/transports.js';
import { memoryOf, useObservedPair, expectServing } from './observed-service.js';
const services = useObservedPair();
it.each(['h2-tls', 'h2c'] as const)('leak %s', async (t) => {
  const target = services().targetFor(t); const service = services().serviceFor(t);
  await expectServing(target);
  console.log((await memoryOf(service)).handles);
  for (const mode of ['none', 'requests', 'abandon', 'abandon']) {
  for (let round = 0; round < 5; round++) {
    const session = await openSession(target);
    for (let count = 0; count < 20 && mode !== 'none'; count++) {
      const stream = session.http2.request({':method':'CONNECT',':protocol':'websocket',':scheme':'http',':path':'/ws',':authority':authorityOf(target),'sec-websocket-version':'13'},{endStream:false});
      stream.on('error', () => undefined);
      if (mode === 'abandon') stream.close(8);
      await setImmediate();
    }
    session.destroy();
  }
  await setTimeout(3000);
  console.log(mode, JSON.stringify((await memoryOf(service)).handles));
  }
  await setTimeout(8000);
  console.log('later', JSON.stringify((await memoryOf(service)).handles));
}, 60000);
