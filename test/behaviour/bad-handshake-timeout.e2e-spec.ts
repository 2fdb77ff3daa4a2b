import { useTestApps } from '../apps/events-test-app.js';
import { FailingHandshakesApp, Gate } from '../apps/failing-handshakes.app.js';
import { refusalOf } from '../apps/refusal-of.js';
import { connect } from '../support/raw-client.js';
import { transports } from '../support/transports.js';

const apps = useTestApps(FailingHandshakesApp, { handshakeTimeout: 100 });

describe.each(transports)('a handshake that takes too long over %s', (transport) => {
  const target = () => apps().targetFor(transport);

  afterEach(async () => {
    const socket = await connect(target(), '/echo');
    socket.send('still here');
    expect((await socket.nextMessage()).data.toString()).toBe('still here');
    socket.destroy();
  });

  it.each(['/promise', '/observable', '/action/promise', '/action/no-accept'])(
    'is answered 503: %s',
    async (path) => {
      const refusal = await refusalOf(connect(target(), path));
      expect(refusal.status).toBe(503);
      expect(refusal.headers['retry-after']).toMatch(/^\d+$/);
      expect(refusal.json()).toEqual({
        statusCode: 503,
        message: 'Handshake timed out',
        error: 'Service Unavailable',
      });
    },
  );

  it('is not answered twice when the guard says yes at last', async () => {
    const gate = apps().appFor(transport).get(Gate);
    const refusal = await refusalOf(connect(target(), '/slow'));
    expect(refusal.status).toBe(503);
    gate.put('open');
    gate.put('open');
    const inTime = await connect(target(), '/slow');
    expect(apps().log.complaints).toEqual([]);
    inTime.destroy();
  });
});
