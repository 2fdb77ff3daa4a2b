import { encodeFrame } from '../../../test/support/raw-client.js';
import { FrameReader, type FrameHandler } from './frame-reader.js';
import { ProtocolError } from './protocol-error.js';

type Event = [string, ...unknown[]];

class Recorder implements FrameHandler {
  readonly events: Event[] = [];
  readonly reader: FrameReader;

  constructor(maxMessageSize = 1024, maxFragments = 8) {
    this.reader = new FrameReader(this, { maxMessageSize, maxFragments, acceptsCompressed: false });
  }

  /** Pushes the bytes in parts of a size; a violation is the last event. */
  feed(bytes: Buffer, size = bytes.length): Event[] {
    try {
      for (let at = 0; at < bytes.length; at += size) {
        this.reader.push(Buffer.from(bytes.subarray(at, at + size)));
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.events.push(['violation', error.closeCode]);
    }
    return this.events;
  }

  onMessage(data: Buffer, isBinary: boolean): void {
    this.events.push([isBinary ? 'binary' : 'text', data.toString('latin1')]);
  }

  onPing(payload: Buffer): void {
    this.events.push(['ping', payload.toString()]);
  }

  onPong(payload: Buffer): void {
    this.events.push(['pong', payload.toString()]);
  }

  onClose(code: number, reason: string): void {
    this.events.push(['close', code, reason]);
  }
}

function stream(): Buffer {
  return Buffer.concat([
    encodeFrame({ opcode: 1, payload: 'hello' }),
    encodeFrame({ opcode: 2, payload: Buffer.alloc(0) }),
    encodeFrame({ opcode: 1, payload: 'frag', fin: false }),
    encodeFrame({ opcode: 9, payload: 'between' }),
    encodeFrame({ opcode: 0, payload: '', fin: false }),
    encodeFrame({ opcode: 0, payload: 'mented' }),
    encodeFrame({ opcode: 2, payload: Buffer.alloc(300, 0x61) }),
    encodeFrame({ opcode: 10, payload: '' }),
    encodeFrame({ opcode: 8, payload: Buffer.from([0x0f, 0xa1, 0x62, 0x79, 0x65]) }),
    encodeFrame({ opcode: 1, payload: 'after the close' }),
  ]);
}

const EXPECTED: Event[] = [
  ['text', 'hello'],
  ['binary', ''],
  ['ping', 'between'],
  ['text', 'fragmented'],
  ['binary', 'a'.repeat(300)],
  ['pong', ''],
  ['close', 4001, 'bye'],
];

describe('FrameReader', () => {
  it('gives the same whatever the size of the chunks', () => {
    const bytes = stream();
    for (let size = 1; size <= bytes.length; size++) {
      expect(new Recorder().feed(bytes, size)).toEqual(EXPECTED);
    }
  });

  it('hands over nothing while paused, and all of it in order afterwards', () => {
    const recorder = new Recorder();
    recorder.reader.pause();
    expect(recorder.feed(stream(), 7)).toEqual([]);
    expect(recorder.reader.waiting).toBeGreaterThan(0);
    recorder.reader.resume();
    expect(recorder.events).toEqual(EXPECTED);
  });

  it('can be paused by the message it hands over', () => {
    const recorder = new Recorder();
    recorder.onMessage = function (data, isBinary) {
      Recorder.prototype.onMessage.call(this, data, isBinary);
      this.reader.pause();
    };
    recorder.feed(stream());
    expect(recorder.events).toEqual(EXPECTED.slice(0, 1));
    for (let turn = 0; turn < 5; turn++) recorder.reader.resume();
    expect(recorder.events).toEqual(EXPECTED);
  });

  it('refuses a message by its announced size, before it has come', () => {
    const frame = encodeFrame({ opcode: 2, payload: Buffer.alloc(1025) });
    expect(new Recorder().feed(frame.subarray(0, 8))).toEqual([['violation', 1009]]);
  });

  it('adds up the sizes of fragments', () => {
    const half = Buffer.alloc(600);
    const bytes = Buffer.concat([
      encodeFrame({ opcode: 2, payload: half, fin: false }),
      encodeFrame({ opcode: 0, payload: half }),
    ]);
    expect(new Recorder().feed(bytes)).toEqual([['violation', 1009]]);
  });

  it('refuses one fragment too many', () => {
    const fragments = Array.from({ length: 9 }, (_, index) =>
      encodeFrame({ opcode: index === 0 ? 2 : 0, payload: 'x', fin: false }),
    );
    expect(new Recorder().feed(Buffer.concat(fragments))).toEqual([['violation', 1008]]);
  });

  it('takes a control frame inside a message that is as large as allowed', () => {
    const bytes = Buffer.concat([
      encodeFrame({ opcode: 2, payload: Buffer.alloc(1024, 0x61), fin: false }),
      encodeFrame({ opcode: 9, payload: 'ping' }),
      encodeFrame({ opcode: 0, payload: '' }),
    ]);
    for (const size of [1, 5, bytes.length]) {
      expect(new Recorder().feed(bytes, size)).toEqual([
        ['ping', 'ping'],
        ['binary', 'a'.repeat(1024)],
      ]);
    }
  });

  it('does not let a header alone take the memory it announces', () => {
    const recorder = new Recorder(1024 * 1024 * 1024);
    const before = process.memoryUsage().arrayBuffers;
    const frame = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0x3f, 0, 0, 0, 1, 2, 3, 4, 5]);
    expect(recorder.feed(frame)).toEqual([]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024);
  });
});
