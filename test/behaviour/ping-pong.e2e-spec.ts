import { noSocketIsOpen } from '../apps/open-sockets.js';
import { connect, Opcode, type RawSocket } from '../support/raw-client.js';
import type { LogLine } from '../support/service-output.js';
import type { Service } from '../support/service.js';
import { transports } from '../support/transports.js';
import { usePair } from '../support/use-service.js';

const ROUNDS = 3;

const services = usePair({
  PING_PONG_ROUNDS: String(ROUNDS),
  PING_PONG_INTERVAL: '1ms',
  PING_PONG_TIMEOUT: '1m',
});

// The services have stopped by then, so that their logs are complete.
afterAll(() => {
  expect(complaintsOf(services().plain)).toEqual([]);
  expect(complaintsOf(services().tls)).toEqual([]);
});

describe.each(transports)('ping-pong over %s', (transport) => {
  const open = (): Promise<RawSocket> => connect(services().targetFor(transport), '/ping-pong');
  let socket: RawSocket;
  let other: RawSocket | undefined;

  beforeEach(async () => {
    socket = await open();
  });

  afterEach(() => {
    socket.destroy();
    other?.destroy();
  });

  it(`closes with 1000 'Done' after all rounds`, async () => {
    await play(socket, ROUNDS);
    expect((await socket.next()).opcode).toBe(Opcode.Close);
    expect(await socket.closeFrame()).toEqual({ code: 1000, reason: 'Done' });
  });

  it('takes a pong in fragments', async () => {
    await expectPing(socket);
    socket.sendFrame({ fin: false, payload: 'po' });
    socket.sendFrame({ opcode: Opcode.Continuation, payload: 'ng' });
    await expectPing(socket);
  });

  it.each(['', 'ping', 'Pong', 'pong ', 'pongpong', '"pong"'])(
    `closes with 1000 "Expected 'pong'" on the text %j`,
    async (text) => {
      await expectPing(socket);
      socket.send(text);
      expect(await socket.closeFrame()).toEqual({ code: 1000, reason: "Expected 'pong'" });
    },
  );

  it('minds what it is told in the last round, too', async () => {
    await play(socket, ROUNDS - 1);
    await expectPing(socket);
    socket.send('enough');
    expect(await socket.closeFrame()).toEqual({ code: 1000, reason: "Expected 'pong'" });
  });

  it.each(['', 'pong'])('closes with 1003 on the bytes of %j', async (text) => {
    await expectPing(socket);
    socket.send(Buffer.from(text));
    expect(await socket.closeFrame()).toMatchObject({ code: 1003 });
  });

  it('lets another client play on when one has lost', async () => {
    other = await open();
    await play(other, 1);
    socket.send('wrong');
    expect(await socket.closeFrame()).toMatchObject({ code: 1000 });
    await play(other, ROUNDS - 1);
    expect(await other.closeFrame()).toEqual({ code: 1000, reason: 'Done' });
  });

  describe.each([1, 2, ROUNDS])('left in round %i', (round) => {
    it.each([
      { how: 'with a close', leave: () => socket.close(1001, 'leaving') },
      { how: 'without one, by a reset', leave: () => socket.reset() },
    ])('$how, lets go of the socket and complains about nothing', async ({ leave }) => {
      await play(socket, round - 1);
      await expectPing(socket);
      leave();
      await noSocketIsOpen(services().targetFor(transport));
      expect(complaintsOf(services().serviceFor(transport))).toEqual([]);
    });
  });
});

async function play(socket: RawSocket, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await expectPing(socket);
    socket.send('pong');
  }
}

async function expectPing(socket: RawSocket): Promise<void> {
  const { data, isBinary } = await socket.nextMessage();
  expect({ text: data.toString(), isBinary }).toEqual({ text: 'ping', isBinary: false });
}

function complaintsOf({ log, stderr }: Service): (LogLine | string)[] {
  const complaints = log.filter(({ level }) => level !== 'log');
  return stderr === '' ? complaints : [...complaints, stderr];
}
