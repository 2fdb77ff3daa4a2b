import { Writable, type Duplex } from 'node:stream';
import { encodeFrame } from '../protocol/frame-writer.js';
import { Opcode } from '../protocol/opcode.js';
import { Output } from './output.js';

/** Records writes; takes them at once, or when it is told to. */
class Sink extends Writable {
  readonly writes: Buffer[] = [];
  private readonly callbacks: (() => void)[] = [];

  constructor(private readonly isSlow = false) {
    super();
  }

  get written(): Buffer {
    return Buffer.concat(this.writes);
  }

  override _writev(chunks: { chunk: Buffer }[], callback: (error?: Error | null) => void): void {
    const bytes = Buffer.concat(chunks.map(({ chunk }) => chunk));
    if (this.isSlow) {
      // What is not taken yet must not be overwritten: look at the bytes only then.
      this.callbacks.push(() => {
        this.writes.push(Buffer.concat(chunks.map(({ chunk }) => chunk)));
        callback();
      });
    } else {
      this.writes.push(bytes);
      callback();
    }
  }

  take(): void {
    while (this.callbacks.length > 0) this.callbacks.shift()!();
  }
}

function outputTo(sink: Sink): Output {
  return new Output(sink as unknown as Duplex);
}

describe('Output', () => {
  it('writes a batch at once', () => {
    const sink = new Sink();
    const output = outputTo(sink);
    output.frame(Opcode.Text, 'one', false);
    output.frame(Opcode.Binary, Buffer.from('two'), false);
    expect(sink.writes).toHaveLength(0);
    output.flush();
    expect(sink.writes).toHaveLength(1);
    expect(sink.written).toEqual(
      Buffer.concat([
        encodeFrame(Opcode.Text, Buffer.from('one')),
        encodeFrame(Opcode.Binary, Buffer.from('two')),
      ]),
    );
  });

  it.each([
    '',
    'x'.repeat(125),
    'x'.repeat(126),
    'é'.repeat(62),
    'é'.repeat(63),
    '€'.repeat(100),
    'x'.repeat(5461),
    '€'.repeat(5461),
    'x'.repeat(70_000),
    '\u{1f600}'.repeat(30),
  ])('writes the right header for text, ASCII or not', (text) => {
    const sink = new Sink();
    const output = outputTo(sink);
    output.frame(Opcode.Text, text, false);
    output.flush();
    expect(sink.written.equals(encodeFrame(Opcode.Text, Buffer.from(text)))).toBe(true);
  });

  it.each([false, true])('keeps the batches of several connections apart (slow: %s)', (isSlow) => {
    const sinks = Array.from({ length: 5 }, () => new Sink(isSlow));
    const outputs = sinks.map(outputTo);
    const expected: Buffer[][] = sinks.map(() => []);
    let seed = 7;
    const random = (limit: number) => (seed = (seed * 16_807) % 2_147_483_647) % limit;
    for (let turn = 0; turn < 3000; turn++) {
      const index = random(5);
      const large = random(20) === 0 ? 90_000 : random(3) === 0 ? 9000 : 200;
      const payload = Buffer.alloc(random(large), turn & 0xff);
      outputs[index].frame(Opcode.Binary, payload, false);
      expected[index].push(encodeFrame(Opcode.Binary, payload));
      if (random(3) === 0) outputs[random(5)].flush();
      if (random(50) === 0) sinks[random(5)].take();
    }
    outputs.forEach((output) => output.flush());
    sinks.forEach((sink) => sink.take());
    sinks.forEach((sink, index) => {
      expect(sink.written.equals(Buffer.concat(expected[index]))).toBe(true);
    });
  });
});
