import { BRIEF, lanes } from '../apps/faults.app.js';
import { type Ends, endOf, expectEcho, useFaultsApp } from '../apps/faults-sockets.js';
import { encodeFrame, Opcode, type RawSocket } from '../support/raw-client.js';
import { transports } from '../support/transports.js';

const MAX_MESSAGE_SIZE = 2000;
const MAX_CONTROL_FRAMES = 1000;

/** The server closed with this code and is done with the socket; another one does not notice. */
async function expectRefused(
  session: Ends,
  code: number,
  neighbour: Ends,
  echo: string,
): Promise<void> {
  expect(await session.client.closeFrame()).toMatchObject({ code });
  await session.client.ended();
  expect(await endOf(session)).toMatchObject({ code, wasClean: false, endedBy: 'server' });
  await expectEcho(neighbour.client, echo);
  neighbour.client.destroy();
}

/** One message, its text cut into fragments of `size`. */
function fragments(text: string, size: number): Buffer {
  const bytes = Buffer.from(text);
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const opcode = at === 0 ? Opcode.Text : Opcode.Continuation;
    const fin = at + size >= bytes.length;
    frames.push(encodeFrame({ fin, opcode, payload: bytes.subarray(at, at + size) }));
  }
  return Buffer.concat(frames);
}

async function expectMessage(client: RawSocket, text: string): Promise<void> {
  expect(String((await client.nextMessage()).data) === text).toBe(true);
}

describe.each(transports)('limits of messages over %s', (transport) => {
  describe.each(lanes)('on $lane', ({ path, say }) => {
    const { openOnOne } = useFaultsApp(transport, { maxMessageSize: MAX_MESSAGE_SIZE });
    const pad = say('').length;
    const fits = say('x'.repeat(MAX_MESSAGE_SIZE - pad));

    it('takes a message of the largest size, whole and in fragments', async () => {
      const [{ client }] = await openOnOne(1, path);
      client.send(fits);
      await expectMessage(client, fits);
      client.sendBytes(fragments(fits, 7));
      await expectMessage(client, fits);
      client.destroy();
    });

    it.each([
      ['in one frame', (text: string) => encodeFrame({ payload: text })],
      ['in fragments', (text: string) => fragments(text, 99)],
    ])('closes with 1009 for one byte more, %s', async (_how, framesOf) => {
      const [session, neighbour] = await openOnOne(2, path);
      await expectEcho(neighbour.client, fits);
      session.client.sendBytes(framesOf(`${fits}!`));
      await expectRefused(session, 1009, neighbour, fits);
    });

    it('closes with 1009 by the head alone of a message that would be too large', async () => {
      const [session, neighbour] = await openOnOne(2, path);
      session.client.sendFrame({ declaredLength: 2n ** 40n, payload: 'x' });
      await expectRefused(session, 1009, neighbour, fits);
    });

    it('closes with 1008 when Pings are all that comes', async () => {
      const [session, neighbour] = await openOnOne(2, path);
      const ping = encodeFrame({ opcode: Opcode.Ping, payload: 'x' });
      session.client.sendBytes(Buffer.concat(Array(MAX_CONTROL_FRAMES + 1).fill(ping)));
      await expectRefused(session, 1008, neighbour, fits);
    });
  });

  describe('by default', () => {
    const { open } = useFaultsApp(transport);

    it.each(lanes)('65,536 fragments are no reason to close, on $lane', async ({ path, say }) => {
      const { client } = await open(path);
      const text = say('x'.repeat(65_536 - say('').length));
      client.sendBytes(fragments(text, 1));
      await expectMessage(client, text);
      client.destroy();
    });
  });

  describe('of fragments', () => {
    const { openOnOne } = useFaultsApp(transport, { maxFragments: 10 });

    it.each(lanes)('close with 1008 for one too many, on $lane', async ({ path, say }) => {
      const [session, neighbour] = await openOnOne(2, path);
      const text = say('x'.repeat(100));
      const size = Math.ceil(text.length / 10);
      neighbour.client.sendBytes(fragments(text, size));
      await expectMessage(neighbour.client, text);
      session.client.sendBytes(fragments(text + ' '.repeat(size), size));
      await expectRefused(session, 1008, neighbour, text);
    });
  });

  describe('of a gateway of its own', () => {
    const { open, openOnOne } = useFaultsApp(transport);

    it('hold for its sockets and no others', async () => {
      const [brief, other] = await openOnOne(2, '/brief');
      const { maxMessageSize = 0 } = BRIEF;
      brief.client.send('x'.repeat(maxMessageSize + 1));
      await expectRefused(brief, 1009, other, 'still here');
      const { client } = await open('/raw');
      await expectEcho(client, 'x'.repeat(maxMessageSize + 1));
      client.destroy();
    });
  });
});
