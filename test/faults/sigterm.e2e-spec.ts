import {
  connect,
  HandshakeAborted,
  HandshakeRefused,
  openSession,
  type RawSocket,
  SocketEnded,
} from '../support/raw-client.js';
import { startPair } from '../support/service.js';
import { isHttp2, isTls, type Target, transports } from '../support/transports.js';
import { errorsOf } from './observed-service.js';

const TEST_TIMEOUT_MS = 120_000;
const TALKERS = 20;
const SHUTDOWN_TIMEOUT_MS = 10_000;

/** Sends numbered messages and takes their echoes, until the server closes. */
async function talk(socket: RawSocket, counts: { echoes: number }): Promise<void> {
  try {
    for (let index = 0; ; index++) {
      socket.send(`message ${index}`);
      const { data } = await socket.nextMessage();
      if (String(data) !== `message ${index}`)
        throw new Error(`${String(data)} instead of ${index}`);
      counts.echoes++;
    }
  } catch (error) {
    if (!(error instanceof SocketEnded)) throw error;
  }
}

/** Keeps asking for sockets until none is given any more; what was refused was refused properly. */
async function knock(target: Target): Promise<number[]> {
  const refusals: number[] = [];
  try {
    for (;;) {
      const socket = await connect(target, '/ws').catch((error: unknown) => {
        if (error instanceof HandshakeRefused) refusals.push(error.status);
        else throw error;
      });
      socket?.destroy();
    }
  } catch (error) {
    const isGone = error instanceof HandshakeAborted || (error as { code?: string }).code;
    const isEnding = String(error).includes('SETTINGS') || String(error).includes('GOAWAY');
    if (!isGone && !isEnding) throw error;
    return refusals;
  }
}

async function openTalkers(target: Target): Promise<RawSocket[]> {
  const session = isHttp2(target.transport) ? await openSession(target) : undefined;
  return Promise.all(
    Array.from({ length: TALKERS }, (_, index) => {
      const path = index % 2 === 0 ? '/ws' : '/connect';
      return session?.connect(path) ?? connect(target, path);
    }),
  );
}

describe('SIGTERM under load', () => {
  it.each([
    ['all lanes and transports', transports],
    ['HTTP/2 alone', transports.filter(isHttp2)],
  ])(
    'closes every socket with 1001, loses no echo, and ends with 0: %s',
    async (_name, loaded) => {
      const services = await startPair({ SHUTDOWN_TIMEOUT: `${SHUTDOWN_TIMEOUT_MS}ms` });
      const running = [services.plain, services.tls];
      const sockets: RawSocket[] = [];
      const counts = { echoes: 0 };
      for (const transport of loaded) {
        sockets.push(...(await openTalkers(services.targetFor(transport))));
      }
      const talks = sockets.map((socket) => talk(socket, counts));
      const visitors = loaded.map((transport) => knock(services.targetFor(transport)));
      while (counts.echoes < sockets.length * 5) {
        await new Promise((resolve) => setImmediate(resolve));
      }

      for (const service of running) service.kill('SIGTERM');
      await Promise.all(
        sockets.map(async (socket) => {
          const close = await socket.closeFrame(SHUTDOWN_TIMEOUT_MS);
          expect(close).toEqual({ code: 1001, reason: 'Server shutting down' });
          socket.close(1001);
          const clean = isHttp2(socket.wire.transport) ? 'end_stream' : 'fin';
          expect(await socket.ended()).toEqual({ how: clean });
        }),
      );
      await Promise.all(talks);
      for (const refused of await Promise.all(visitors)) {
        expect(refused.every((status) => status === 503)).toBe(true);
      }
      for (const service of running) {
        expect(await service.exit(2 * SHUTDOWN_TIMEOUT_MS)).toEqual({ code: 0, signal: null });
        expect(errorsOf(service)).toEqual([]);
      }
    },
    TEST_TIMEOUT_MS,
  );

  it.each(transports)(
    'does not wait for peers that neither read nor answer, over %s',
    async (transport) => {
      const services = await startPair({ SHUTDOWN_TIMEOUT: '2s' });
      const service = services.serviceFor(transport);
      const other = isTls(transport) ? services.plain : services.tls;
      const sockets = await openTalkers(services.targetFor(transport));
      for (const socket of sockets) {
        socket.pause();
        for (let count = 0; count < 100; count++) socket.send(Buffer.alloc(64 * 1024));
      }
      const [exit] = await Promise.all([service.stop('SIGTERM', 15_000), other.stop()]);
      expect(exit).toMatchObject({ code: 0, signal: null });
      expect(errorsOf(service)).toEqual([]);
      for (const socket of sockets) socket.destroy();
    },
    TEST_TIMEOUT_MS,
  );
});
