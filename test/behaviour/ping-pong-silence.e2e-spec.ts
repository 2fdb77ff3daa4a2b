import { connect, type RawSocket } from '../support/raw-client.js';
import { transports } from '../support/transports.js';
import { usePair } from '../support/use-service.js';

const TIMEOUT_MS = 200;
const NO_PONG = { code: 1008, reason: `No 'pong' within ${TIMEOUT_MS} ms` };

const services = usePair({
  PING_PONG_INTERVAL: '1ms',
  PING_PONG_TIMEOUT: `${TIMEOUT_MS}ms`,
});

describe.each(transports)('ping-pong over %s closes with 1008', (transport) => {
  let socket: RawSocket;

  beforeEach(async () => {
    socket = await connect(services().targetFor(transport), '/ping-pong');
    await socket.nextMessage();
  });

  afterEach(() => socket.destroy());

  it('a client that answers nothing', async () => {
    expect(await socket.closeFrame()).toEqual(NO_PONG);
  });

  it('a client that stops answering', async () => {
    socket.send('pong');
    expect(await socket.closeFrame()).toEqual(NO_PONG);
  });

  it('a client that is not done with its answer', async () => {
    socket.sendFrame({ fin: false, payload: 'po' });
    expect(await socket.closeFrame()).toEqual(NO_PONG);
  });
});
