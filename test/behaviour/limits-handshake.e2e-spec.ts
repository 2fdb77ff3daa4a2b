import { eventually } from '../apps/eventually.js';
import { openSockets } from '../apps/open-sockets.js';
import { useFaultsApp, expectEcho } from '../apps/faults-sockets.js';
import { noSocketIsOpen } from '../apps/open-sockets.js';
import { refusalOf } from '../apps/refusal-of.js';
import { connect, exchange, openSession, request } from '../support/raw-client.js';
import { authorityOf, isHttp2, isTls, type Target, transports } from '../support/transports.js';
import { usePair } from '../support/use-service.js';

const RETRY_AFTER = { 'retry-after': expect.stringMatching(/^\d+$/) };

describe.each(transports)('the time of a handshake over %s', (transport) => {
  const { open, target, doorman, complaints } = useFaultsApp(transport, { handshakeTimeout: 200 });

  it('is limited: a guard that takes longer is not waited for', async () => {
    const handshake = refusalOf(connect(target(), '/guarded'));
    const letIn = await doorman();
    expect(await handshake).toMatchObject({ status: 503, headers: RETRY_AFTER });
    letIn(true);
    await expectEcho((await open('/raw')).client);
    expect(complaints()).toEqual([]);
  });

  it('is over with the answer: a socket lives longer', async () => {
    const opening = open('/guarded');
    (await doorman())(true);
    const { client, connection } = await opening;
    const late = refusalOf(connect(target(), '/guarded'));
    await doorman();
    expect((await late).status).toBe(503);
    expect(connection.isOpen).toBe(true);
    await expectEcho(client);
    client.destroy();
  });

  it('does not matter to a client that has gone', async () => {
    const handshake = connect(target(), '/guarded', { timeoutMs: 50 });
    const letIn = await doorman();
    await expect(handshake).rejects.toThrow('waited 50 ms');
    letIn(true);
    await expectEcho((await open('/raw')).client);
    expect(complaints()).toEqual([]);
  });
});

describe('the cap on open sockets', () => {
  const CAP = 3;
  const services = usePair({ WS_MAX_CONNECTIONS: String(CAP) });

  describe.each(transports)('over %s', (transport) => {
    let target: Target;
    beforeEach(async () => {
      target = services().targetFor(transport);
      await noSocketIsOpen(target);
    });

    it.each(['/ws', '/connect', '/ping-pong'])('refuses one more on %s', async (path) => {
      const sockets = [];
      for (let count = 0; count < CAP; count++) sockets.push(await connect(target, path));
      const refusal = await refusalOf(connect(target, '/ws'));
      expect(refusal).toMatchObject({ status: 503, headers: RETRY_AFTER });
      expect(refusal.json()).toMatchObject({ statusCode: 503, message: 'Too many connections' });
      expect((await request(target, { path: '/health/ready' })).status).toBe(200);

      sockets[0].close(1000);
      await sockets[0].ended();
      const next = await connect(target, '/ws');
      await expectEcho(next);
      for (const socket of [...sockets, next]) socket.destroy();
    });

    it('counts many handshakes at once', async () => {
      const opening = Array.from({ length: 4 * CAP }, () => connect(target, '/ws'));
      const settled = await Promise.allSettled(opening);
      const open = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      const refused = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
      expect(open.length).toBe(CAP);
      expect(refused).toEqual(Array(3 * CAP).fill(expect.objectContaining({ status: 503 })));
      for (const socket of open) await expectEcho(socket);
      for (const socket of open) socket.destroy();
    });

    if (isHttp2(transport)) {
      it('counts the streams of one connection, which outlives a refusal', async () => {
        const session = await openSession(target);
        const sockets = [];
        for (let count = 0; count < CAP; count++) sockets.push(await session.connect('/ws'));
        const refusal = await refusalOf(session.connect('/ws'));
        expect(refusal).toMatchObject({ status: 503, headers: RETRY_AFTER });
        for (const socket of sockets) await expectEcho(socket);
        sockets[0].reset();
        await eventually('the service to notice the reset', async () => {
          return (await openSockets(target)).open === CAP - 1;
        });
        await expectEcho(await session.connect('/ws'));
        session.destroy();
      });
    }
  });
});

describe('the head of a handshake', () => {
  const services = usePair({ WS_HANDSHAKE_TIMEOUT: '1s' });

  describe.each(transports)('over %s', (transport) => {
    it('may have 8 KiB', async () => {
      const headers = { 'x-large': 'x'.repeat(8 * 1024) };
      const socket = await connect(services().targetFor(transport), '/ws', { headers });
      await expectEcho(socket);
      socket.destroy();
    });

    it('is refused above 16 KiB, and the service goes on', async () => {
      const target = services().targetFor(transport);
      const headers = { 'x-large': 'x'.repeat(20 * 1024) };
      const refusal = await connect(target, '/ws', { headers }).catch((error: unknown) => error);
      if (!isHttp2(transport)) expect(refusal).toMatchObject({ status: 431 });
      else expect(refusal).toBeInstanceOf(Error);
      const socket = await connect(target, '/ws');
      await expectEcho(socket);
      socket.destroy();
    });

    if (!isHttp2(transport)) {
      it.each([
        ['nothing at all', ''],
        ['the first byte', 'G'],
        ['all but the last line', null],
      ])('is answered 408 when it stops behind %s', async (_where, start) => {
        const target = services().targetFor(transport);
        const { port } = target;
        const head = start ?? `GET /ws HTTP/1.1\r\nHost: ${authorityOf(target)}\r\nUpgrade: websoc`;
        const { text } = await exchange(port, head, { transport });
        expect(text).toMatch(/^HTTP\/1\.1 408 /);
      });
    } else if (!isTls(transport)) {
      it('is answered 408 when it stops inside of the HTTP/2 preface', async () => {
        const { port } = services().targetFor(transport);
        const { text } = await exchange(port, 'PRI * HTTP/2.0\r\n\r\nSM');
        expect(text).toMatch(/^HTTP\/1\.1 408 /);
      });
    }
  });
});
