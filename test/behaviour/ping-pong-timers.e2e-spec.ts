import { jest } from '@jest/globals';
import { Module } from '@nestjs/common';
import { PingPongModule } from '../../src/gateways/ping-pong/ping-pong.module.js';
import { useTestApps } from '../apps/events-test-app.js';
import { eventually } from '../apps/eventually.js';
import { connect, Opcode, type RawSocket } from '../support/raw-client.js';
import { transports } from '../support/transports.js';

/** Nobody waits that long, and no other timer has this delay. */
const NEVER = 3_600_123;
const ROUNDS = 3;

@Module({ imports: [PingPongModule.forRoot({ rounds: ROUNDS, interval: 1, timeout: NEVER })] })
class QuickGames {}

@Module({ imports: [PingPongModule.forRoot({ rounds: ROUNDS, interval: NEVER, timeout: NEVER })] })
class SlowGames {}

const setTimer = jest.spyOn(globalThis, 'setTimeout');
const clearTimer = jest.spyOn(globalThis, 'clearTimeout');

afterEach(() => {
  for (const timer of pendingTimers()) clearTimeout(timer);
  jest.clearAllMocks();
});

afterAll(() => jest.restoreAllMocks());

describe('a client that leaves while a pong is due leaves no timer', () => {
  const apps = useTestApps(QuickGames);

  describe.each(transports)('over %s', (transport) => {
    it.each([1, 2, ROUNDS])('in round %i', async (round) => {
      const socket = await connect(apps().targetFor(transport), '/ping-pong');
      await playUntilPing(socket, round);
      await expectTimerOnlyUntil(() => socket.reset());
    });
  });
});

describe('a client that leaves between two rounds leaves no timer', () => {
  const apps = useTestApps(SlowGames);

  it.each(transports)('over %s', async (transport) => {
    const socket = await connect(apps().targetFor(transport), '/ping-pong');
    await playUntilPing(socket, 1);
    socket.send('pong');
    await untilReceived(socket);
    await expectTimerOnlyUntil(() => socket.reset());
  });
});

async function playUntilPing(socket: RawSocket, round: number): Promise<void> {
  await socket.nextMessage();
  for (let played = 1; played < round; played++) {
    socket.send('pong');
    await socket.nextMessage();
  }
}

/** The server has read what was sent before. */
async function untilReceived(socket: RawSocket): Promise<void> {
  socket.sendFrame({ opcode: Opcode.Ping });
  await socket.nextPong();
}

async function expectTimerOnlyUntil(leave: () => void): Promise<void> {
  expect(pendingTimers()).toHaveLength(1);
  leave();
  await eventually('the timers to be cleared', () => pendingTimers().length === 0);
}

function pendingTimers(): NodeJS.Timeout[] {
  const cleared = new Set(clearTimer.mock.calls.map(([timer]) => timer));
  const results = setTimer.mock.results.filter(
    (_, index) => setTimer.mock.calls[index][1] === NEVER,
  );
  const timers = results.map(({ value }) => value as NodeJS.Timeout);
  return timers.filter((timer) => !cleared.has(timer));
}
