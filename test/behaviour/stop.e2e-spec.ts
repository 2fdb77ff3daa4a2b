import { refusalOf } from '../apps/refusal-of.js';
import { tlsSettings } from '../support/certificates.js';
import { connect, openSession, type RawSocket, request } from '../support/raw-client.js';
import { type Service, startService } from '../support/service.js';
import { isTls, type Target, type TransportName, transports } from '../support/transports.js';

const PATHS = ['/ws', '/ping-pong', '/connect'];
const GOING_AWAY = { code: 1001, reason: 'Server shutting down' };

/** Both transports of the port. */
const neighboursOf = (transport: TransportName): readonly TransportName[] =>
  transports.filter((other) => isTls(other) === isTls(transport));

async function startFor(transport: TransportName): Promise<Service> {
  return startService(isTls(transport) ? await tlsSettings() : {});
}

const openAll = (targets: readonly Target[]): Promise<RawSocket[]> =>
  Promise.all(targets.flatMap((target) => PATHS.map((path) => connect(target, path))));

async function answerClose(socket: RawSocket): Promise<void> {
  expect(await socket.closeFrame()).toEqual(GOING_AWAY);
  socket.close(1001);
  await socket.ended();
}

const complaintsOf = ({ log }: Service) => log.filter(({ level }) => level !== 'log');

/** Signal 0 asks whether the process is there. */
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe.each(transports)('a service with sockets over %s', (transport) => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends all and exits with 0 on %s', async (signal) => {
    const service = await startFor(transport);
    const pid = service.pid!;
    const sockets = await openAll(neighboursOf(transport).map((name) => service.targetFor(name)));
    const exit = service.stop(signal);
    await Promise.all(sockets.map(answerClose));
    expect(await exit).toMatchObject({ code: 0, signal: null });
    expect(isAlive(pid)).toBe(false);
    expect(complaintsOf(service)).toEqual([]);
  });

  it('is not ready, but alive, while it waits for a client to answer its Close', async () => {
    const service = await startFor(transport);
    const target = service.targetFor(transport);
    const ready = () => request(target, { path: '/health/ready' });
    expect((await ready()).status).toBe(200);
    const socket = await connect(target, '/ws');
    const exit = service.stop();
    await socket.closeFrame();
    const unready = await ready();
    expect(unready.status).toBe(503);
    expect(unready.json()).toMatchObject({ status: 'shutting_down' });
    expect((await request(target, { path: '/health/live' })).status).toBe(200);
    expect((await request(target, { path: '/' })).status).toBe(200);
    await answerClose(socket);
    expect(await exit).toMatchObject({ code: 0 });
    expect(complaintsOf(service)).toEqual([]);
  });

  it('refuses new handshakes meanwhile', async () => {
    const service = await startFor(transport);
    const target = service.targetFor(transport);
    const socket = await connect(target, '/ws');
    const exit = service.stop();
    await socket.closeFrame();
    for (const path of PATHS) {
      const refusal = await refusalOf(connect(target, path));
      expect(refusal.status).toBe(503);
      expect(refusal.json()).toMatchObject({ statusCode: 503, message: 'Server shutting down' });
      expect(refusal.headers['retry-after']).toMatch(/^\d+$/);
    }
    await answerClose(socket);
    expect(await exit).toMatchObject({ code: 0 });
  });

  it('sends nothing after the Close, and takes no message', async () => {
    const service = await startFor(transport);
    const socket = await connect(service.targetFor(transport), '/ws');
    const exit = service.stop();
    await socket.closeFrame();
    socket.send('too late');
    socket.close(1001);
    await socket.ended();
    expect((await socket.next()).payload.readUInt16BE()).toBe(1001);
    await expect(socket.next()).rejects.toThrow('ended');
    expect(await exit).toMatchObject({ code: 0 });
  });

  it('takes a second signal for nothing new', async () => {
    const service = await startFor(transport);
    const socket = await connect(service.targetFor(transport), '/ws');
    const exit = service.stop('SIGINT');
    await socket.closeFrame();
    service.kill('SIGINT');
    service.kill('SIGTERM');
    expect((await request(service.targetFor(transport), { path: '/health/live' })).status).toBe(
      200,
    );
    await answerClose(socket);
    expect(await exit).toMatchObject({ code: 0, signal: null });
  });
});

describe.each(['h2-tls', 'h2c'] as const)('one %s connection', (transport) => {
  it('has all its sockets closed, then is closed itself', async () => {
    const service = await startFor(transport);
    const session = await openSession(service.targetFor(transport));
    const sockets = await Promise.all(
      [...PATHS, ...PATHS, ...PATHS].map((path) => session.connect(path)),
    );
    const exit = service.stop();
    await Promise.all(sockets.map(answerClose));
    expect(await session.goaway()).toBe(0);
    await session.closed();
    expect(await exit).toMatchObject({ code: 0 });
  });
});
