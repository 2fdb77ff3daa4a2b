import { fileURLToPath } from 'node:url';
import { expectEcho } from '../apps/faults-sockets.js';
import { connect, Opcode } from '../support/raw-client.js';
import { transports } from '../support/transports.js';
import { usePair } from '../support/use-service.js';
import { expectServing } from './observed-service.js';

const KEEP_ALIVE_TIMEOUT_MS = 2_000;

/** Longer than a peer has to answer a Ping. */
const STALL_MS = KEEP_ALIVE_TIMEOUT_MS + 500;

const SOCKETS = 10;
const MESSAGES = 1000;

describe.each(transports)('an event loop that is kept busy over %s', (transport) => {
  const services = usePair({
    NODE_OPTIONS: `--import=${fileURLToPath(new URL('./stall.mjs', import.meta.url))}`,
    STALL_MS: String(STALL_MS),
    WS_KEEP_ALIVE_INTERVAL: '300ms',
    WS_KEEP_ALIVE_TIMEOUT: `${KEEP_ALIVE_TIMEOUT_MS}ms`,
  });
  let stalls = 0;

  /** Returns when the stall has begun. */
  async function stall(): Promise<void> {
    const service = services().serviceFor(transport);
    const count = ++stalls;
    service.kill('SIGUSR2');
    await service.waitForLog((line) => line.stall === count, `stall ${count}`);
  }

  it('is not taken for the silence of peers that have answered', async () => {
    const target = services().targetFor(transport);
    const sockets = await Promise.all(
      Array.from({ length: SOCKETS }, (_, index) =>
        connect(target, index % 2 === 0 ? '/ws' : '/connect', { autoPong: false }),
      ),
    );
    await Promise.all(sockets.map((socket) => socket.nextPing()));
    await stall();
    for (const socket of sockets) socket.sendFrame({ opcode: Opcode.Pong });
    for (const socket of sockets) await expectEcho(socket, 'after the stall');
    for (const socket of sockets) socket.close(1000);
    await Promise.all(sockets.map((socket) => socket.ended()));
    await expectServing(target);
  });

  it('keeps what was sent meanwhile, in order', async () => {
    const socket = await connect(services().targetFor(transport), '/ws');
    await stall();
    for (let index = 0; index < MESSAGES; index++) socket.send(`message ${index}`);
    for (let index = 0; index < MESSAGES; index++) {
      expect(String((await socket.nextMessage()).data)).toBe(`message ${index}`);
    }
    socket.close(1000);
    await socket.ended();
  });
});
