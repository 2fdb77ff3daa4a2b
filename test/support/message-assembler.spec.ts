import { constants, createDeflateRaw, deflateRawSync } from 'node:zlib';
import { ProtocolViolation } from './raw-client/frame-parser.js';
import { type Frame, Opcode } from './raw-client/frame.js';
import { MessageAssembler } from './raw-client/message-assembler.js';

const frame = (opcode: number, payload: string | Buffer, extra: Partial<Frame> = {}): Frame => ({
  fin: true,
  rsv1: false,
  opcode,
  payload: Buffer.from(payload),
  ...extra,
});

/** Compresses messages one after another in one context, as a server with context takeover. */
async function deflateAll(messages: readonly Buffer[]): Promise<Buffer[]> {
  const deflate = createDeflateRaw({ flush: constants.Z_SYNC_FLUSH });
  const compressed: Buffer[] = [];
  for (const message of messages) {
    const chunks: Buffer[] = [];
    const collect = (chunk: Buffer): unknown => chunks.push(chunk);
    deflate.on('data', collect);
    await new Promise<void>((resolve) => {
      deflate.write(message, () => deflate.flush(constants.Z_SYNC_FLUSH, resolve));
    });
    deflate.off('data', collect);
    compressed.push(Buffer.concat(chunks).subarray(0, -4));
  }
  deflate.close();
  return compressed;
}

describe('MessageAssembler', () => {
  it('puts fragments together', () => {
    const assembler = new MessageAssembler();
    expect(assembler.add(frame(Opcode.Text, 'a', { fin: false }))).toBeUndefined();
    expect(assembler.add(frame(Opcode.Continuation, 'b'))).toEqual({
      data: Buffer.from('ab'),
      isBinary: false,
    });
    expect(assembler.add(frame(Opcode.Binary, Buffer.of(255)))).toEqual({
      data: Buffer.of(255),
      isBinary: true,
    });
  });

  it('refuses text that is not UTF-8', () => {
    const text = frame(Opcode.Text, Buffer.of(0xff));
    expect(() => new MessageAssembler().add(text)).toThrow(ProtocolViolation);
  });

  it('says so when the beginning of the message was taken', () => {
    const rest = frame(Opcode.Continuation, 'b');
    expect(() => new MessageAssembler().add(rest)).toThrow('taken before, by next()');
  });

  it('inflates messages that were compressed in one context', async () => {
    const messages = ['first', 'first again', 'x'.repeat(100_000), 'first'].map((text) =>
      Buffer.from(text),
    );
    const assembler = new MessageAssembler();
    const inflated = (await deflateAll(messages)).map(
      (payload) => assembler.add(frame(Opcode.Binary, payload, { rsv1: true }))?.data,
    );
    expect(inflated).toEqual(messages);
  });

  it('inflates messages that were compressed each on its own', () => {
    const assembler = new MessageAssembler();
    for (const text of ['first', 'first again']) {
      const finishFlush = constants.Z_SYNC_FLUSH;
      const payload = deflateRawSync(text, { finishFlush }).subarray(0, -4);
      const message = assembler.add(frame(Opcode.Text, payload, { rsv1: true }));
      expect(message?.data.toString()).toBe(text);
    }
  });
});
