import { useTestApps } from '../apps/events-test-app.js';
import { GuardsApp } from '../apps/guards.app.js';
import { refusalOf } from '../apps/refusal-of.js';
import { connect, openSession, request } from '../support/raw-client.js';
import { isHttp2, transports } from '../support/transports.js';

const ADA = { Authorization: 'Bearer ada-token' };
const FORBIDDEN = { statusCode: 403, message: 'Forbidden resource', error: 'Forbidden' };
const NO_TOKEN = { statusCode: 401, message: 'A token, please', error: 'Unauthorized' };

type Headers = Record<string, string>;

const apps = useTestApps(GuardsApp);

describe.each(transports)('handshake guards over %s', (transport) => {
  const target = () => apps().targetFor(transport);

  /** What the gateway sees of the request when it is connected. */
  async function seenAt(path: string, headers?: Headers): Promise<unknown> {
    const socket = await connect(target(), path, { headers });
    const { data } = await socket.nextMessage();
    socket.close(1000);
    await socket.ended();
    return JSON.parse(data.toString());
  }

  const refusalAt = (path: string, headers?: Headers) =>
    refusalOf(connect(target(), path, { headers }));

  describe.each(['/token', '/account/socket'])('a guard written for controllers, on %s', (path) => {
    it('lets in who has a token, and says who it is', async () => {
      expect(await seenAt(path, ADA)).toMatchObject({ user: 'Ada' });
    });

    it.each<Headers>([{}, { Authorization: 'Bearer forged' }])(
      'answers 401 to %j',
      async (headers) => {
        const refusal = await refusalAt(path, headers);
        expect(refusal.status).toBe(401);
        expect(refusal.json()).toEqual(NO_TOKEN);
      },
    );
  });

  it('the same guard protects an ordinary action', async () => {
    const path = '/account';
    expect((await request(target(), { path })).status).toBe(401);
    expect((await request(target(), { path, headers: ADA })).json()).toEqual({ user: 'Ada' });
  });

  it.each(['/true', '/promise-of-true', '/observable-of-true', '/open'])(
    '%s lets in',
    async (path) => {
      expect(await seenAt(path)).toEqual({ guards: ['global'], params: {} });
    },
  );

  it.each(['/false', '/promise-of-false', '/observable-of-false', '/refused-twice'])(
    '%s answers 403',
    async (path) => {
      const refusal = await refusalAt(path);
      expect(refusal.status).toBe(403);
      expect(refusal.json()).toEqual(FORBIDDEN);
      expect(apps().log.complaints).toEqual([]);
    },
  );

  it('an HttpException answers with its own status and body', async () => {
    const refusal = await refusalAt('/teapot');
    expect(refusal.status).toBe(418);
    expect(refusal.json()).toEqual({ teapot: true });
  });

  it('another error answers 500 and is logged once, not shown', async () => {
    const refusal = await refusalAt('/error');
    expect(refusal.status).toBe(500);
    expect(refusal.json()).toEqual({ statusCode: 500, message: 'Internal server error' });
    expect(await seenAt('/open')).toBeDefined();
    expect(apps().log.complaints).toEqual([
      expect.objectContaining({ level: 'error', message: 'The guard is broken' }),
    ]);
  });

  it('run in order, the global ones first', async () => {
    const guards = ['global', 'first', 'second', 'third'];
    expect(await seenAt('/order')).toMatchObject({ guards });
  });

  it('of two decorators add up, as with @UseGuards', async () => {
    expect(await seenAt('/stacked')).toMatchObject({ guards: ['global', 'first', 'second'] });
  });

  it.each(['/open', '/token', '/account/socket'])('a global guard can refuse %s', async (path) => {
    const refusal = await refusalAt(path, { 'X-Banned': 'yes', ...ADA });
    expect(refusal.status).toBe(403);
    expect(refusal.json()).toMatchObject({ message: 'Banned' });
  });

  it('see the metadata of the gateway and of handleConnection', async () => {
    expect(await seenAt('/members', { 'X-Roles': 'member, speaker' })).toBeDefined();
    for (const roles of ['', 'member', 'speaker']) {
      expect((await refusalAt('/members', { 'X-Roles': roles })).status).toBe(403);
    }
  });

  it('see path parameters', async () => {
    expect(await seenAt('/rooms/blue')).toMatchObject({ params: { id: 'blue' } });
    const refusal = await refusalAt('/rooms/secret');
    expect(refusal.status).toBe(404);
    expect(refusal.json()).toMatchObject({ message: 'No room secret' });
  });

  it('can add headers to the answer', async () => {
    const socket = await connect(target(), '/headers');
    expect(socket.handshake.headers['x-context']).toBe('http');
    socket.destroy();
  });
});

describe.each(transports.filter(isHttp2))('a guard that refuses over %s', (transport) => {
  it('leaves the connection to others', async () => {
    const session = await openSession(apps().targetFor(transport));
    const before = await session.connect('/open');
    expect((await refusalOf(session.connect('/false'))).status).toBe(403);
    const after = await session.connect('/open');
    expect(await before.nextMessage()).toEqual(await after.nextMessage());
    await Promise.all([before, after].map((socket) => (socket.close(1000), socket.ended())));
    await session.close();
  });
});
