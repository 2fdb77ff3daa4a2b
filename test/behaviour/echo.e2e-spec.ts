import {
  connect,
  encodeFrame,
  Opcode,
  openSession,
  type RawSession,
  type RawSocket,
} from '../support/raw-client.js';
import { isHttp2, transports } from '../support/transports.js';
import { usePair } from '../support/use-service.js';

const MIB = 1024 * 1024;

/** On both sides of every border between the forms that a frame's length can take. */
const LENGTHS = [0, 1, 125, 126, 65_535, 65_536, MIB - 1];

const MULTI_BYTE_TEXT = 'ASCII, é in two bytes, 日本 in three, 😀 in four';

const services = usePair();

describe.each(transports)('echo over %s', (transport) => {
  let socket: RawSocket;

  beforeEach(async () => {
    socket = await connect(services().targetFor(transport), '/ws');
  });

  afterEach(() => socket.destroy());

  it.each(LENGTHS)('returns a text of %i bytes', async (length) => {
    const text = asciiOf(length);
    socket.send(text);
    await expectNext(socket, text);
  });

  it.each(LENGTHS)('returns %i bytes as binary', async (length) => {
    const bytes = bytesOf(length);
    socket.send(bytes);
    await expectNext(socket, bytes);
  });

  it('returns text of more than one byte a character', async () => {
    socket.send(MULTI_BYTE_TEXT);
    await expectNext(socket, MULTI_BYTE_TEXT);
  });

  it('keeps binary binary, even if it is valid text', async () => {
    const bytes = Buffer.from(MULTI_BYTE_TEXT);
    socket.send(bytes);
    socket.send(MULTI_BYTE_TEXT);
    await expectNext(socket, bytes);
    await expectNext(socket, MULTI_BYTE_TEXT);
  });

  it('returns a fragmented text whole, also if a character was cut', async () => {
    sendInFragments(socket, Opcode.Text, everyByteOf(MULTI_BYTE_TEXT));
    await expectNext(socket, MULTI_BYTE_TEXT);
  });

  it('returns a fragmented binary message whole', async () => {
    const bytes = bytesOf(70_000);
    const fragments = [bytes.subarray(0, 1), bytes.subarray(1, 65_537), bytes.subarray(65_537)];
    sendInFragments(socket, Opcode.Binary, fragments);
    await expectNext(socket, bytes);
  });

  it.each([
    { which: 'the first', fragments: ['', 'text'] },
    { which: 'the last', fragments: ['text', ''] },
    { which: 'one in the middle', fragments: ['te', '', 'xt'] },
  ])('returns a fragmented text of which $which fragment is empty', async ({ fragments }) => {
    sendInFragments(socket, Opcode.Text, fragments);
    await expectNext(socket, 'text');
  });

  it('returns an empty message in empty fragments', async () => {
    sendInFragments(socket, Opcode.Binary, ['', '', '']);
    await expectNext(socket, Buffer.alloc(0));
  });

  it('answers a ping between two fragments at once', async () => {
    socket.sendFrame({ fin: false, payload: 'before, ' });
    socket.sendFrame({ opcode: Opcode.Ping, payload: 'in between' });
    expect((await socket.nextPong()).toString()).toBe('in between');
    socket.sendFrame({ opcode: Opcode.Continuation, payload: 'after' });
    await expectNext(socket, 'before, after');
  });

  it('returns many messages in order, without waiting for the reader', async () => {
    const messages = numberedMessages(2_000);
    for (const message of messages) socket.send(message);
    for (const message of messages) await expectNext(socket, message);
  });

  it('returns many messages that came in one write, in order', async () => {
    const messages = numberedMessages(2_000);
    socket.sendBytes(Buffer.concat(messages.map(frameOf)));
    for (const message of messages) await expectNext(socket, message);
  });

  it('understands frames that arrive byte by byte', async () => {
    const messages = [MULTI_BYTE_TEXT, bytesOf(200), ''];
    for (const byte of Buffer.concat(messages.map(frameOf))) {
      socket.sendBytes(Buffer.of(byte));
      await socket.drained();
    }
    for (const message of messages) await expectNext(socket, message);
  });

  it.each(['', 'a', 'x'.repeat(125)])('answers the ping %j with the same payload', async (text) => {
    socket.sendFrame({ opcode: Opcode.Ping, payload: text });
    expect((await socket.nextPong()).toString()).toBe(text);
  });

  it('ignores a pong that nobody asked for', async () => {
    socket.sendFrame({ opcode: Opcode.Pong, payload: 'unasked' });
    socket.send('still open');
    await expectNext(socket, 'still open');
  });

  it.each([
    { sent: 'the code 1000', code: 1000, reason: '' },
    { sent: 'a code and a reason', code: 1001, reason: 'leaving' },
    { sent: 'a code of the application', code: 4999, reason: 'Grüße 😀' },
    { sent: 'the longest reason', code: 3000, reason: 'r'.repeat(123) },
  ])('echoes a close with $sent, then ends the socket', async ({ code, reason }) => {
    socket.close(code, reason);
    expect(await socket.closeFrame()).toEqual({ code, reason });
    expect(await socket.ended()).toEqual(cleanEndOf(transport));
  });

  it('answers an empty close with 1000, then ends the socket', async () => {
    socket.close();
    expect(await socket.closeFrame()).toEqual({ code: 1000, reason: '' });
    expect(await socket.ended()).toEqual(cleanEndOf(transport));
  });

  it('returns what was sent before the close first', async () => {
    socket.sendBytes(Buffer.concat([frameOf('last words'), encodeFrame({ opcode: Opcode.Close })]));
    await expectNext(socket, 'last words');
    expect(await socket.closeFrame()).toEqual({ code: 1000, reason: '' });
  });
});

describe.each(transports.filter(isHttp2))('echo on one %s connection', (transport) => {
  let session: RawSession;
  let first: RawSocket;
  let second: RawSocket;

  beforeEach(async () => {
    session = await openSession(services().targetFor(transport));
    [first, second] = await Promise.all([session.connect('/ws'), session.connect('/ws')]);
  });

  afterEach(() => session.destroy());

  it('keeps two sockets apart', async () => {
    first.sendFrame({ fin: false, payload: 'the ' });
    second.send('the second');
    await expectNext(second, 'the second');
    first.sendFrame({ opcode: Opcode.Continuation, payload: 'first' });
    await expectNext(first, 'the first');
  });

  it('serves requests while sockets are open', async () => {
    const answers = await Promise.all(
      ['/health', '/health/live', '/'].map((path) => session.request({ path })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    for (const socket of [first, second]) {
      socket.send('still open');
      await expectNext(socket, 'still open');
    }
  });

  it.each([
    { how: 'closes', leave: () => first.close(1000) },
    { how: 'is reset', leave: () => first.reset() },
  ])('goes on with one socket when the other $how', async ({ leave }) => {
    leave();
    second.send('alone');
    await expectNext(second, 'alone');
    expect((await session.request({ path: '/health/live' })).status).toBe(200);
  });
});

type Payload = string | Buffer;

async function expectNext(socket: RawSocket, expected: Payload): Promise<void> {
  const { data, isBinary } = await socket.nextMessage();
  expect({ isBinary, length: data.length }).toEqual({
    isBinary: typeof expected !== 'string',
    length: Buffer.byteLength(expected),
  });
  // Jest takes seconds to compare buffers of this size, and pages to show them.
  const isSame = data.equals(Buffer.from(expected));
  expect(isSame || data.toString('utf8', 0, 100)).toBe(true);
}

function sendInFragments(socket: RawSocket, type: number, fragments: readonly Payload[]): void {
  fragments.forEach((payload, index) => {
    const opcode = index === 0 ? type : Opcode.Continuation;
    socket.sendFrame({ fin: index === fragments.length - 1, opcode, payload });
  });
}

function frameOf(payload: Payload): Buffer {
  const opcode = typeof payload === 'string' ? Opcode.Text : Opcode.Binary;
  return encodeFrame({ opcode, payload });
}

/** Text and binary in turn, of different lengths. */
function numberedMessages(count: number): Payload[] {
  return Array.from({ length: count }, (_, index) => {
    const text = `${index} ${'.'.repeat(index % 200)}`;
    return index % 2 === 0 ? text : Buffer.from(text);
  });
}

function everyByteOf(text: string): Buffer[] {
  return [...Buffer.from(text)].map((byte) => Buffer.of(byte));
}

/** Not the same at any two positions that a mask or a chunk border could mix up. */
function bytesOf(length: number): Buffer {
  return Buffer.alloc(
    length,
    Uint8Array.from({ length: 251 }, (_, index) => index),
  );
}

function asciiOf(length: number): string {
  return 'abcdefghijklmnopqrstuvwxyz0123456789-'.repeat(length / 37 + 1).slice(0, length);
}

function cleanEndOf(transport: (typeof transports)[number]): { how: string } {
  return { how: isHttp2(transport) ? 'end_stream' : 'fin' };
}
