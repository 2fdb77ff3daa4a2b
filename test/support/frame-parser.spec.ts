import { encodeFrame, type OutgoingFrame } from './raw-client/encode-frame.js';
import { FrameParser, ProtocolViolation } from './raw-client/frame-parser.js';
import { Opcode } from './raw-client/frame.js';

const fromServer = (...frames: OutgoingFrame[]): Buffer =>
  Buffer.concat(frames.map((frame) => encodeFrame({ mask: false, ...frame })));

const parse = (bytes: Buffer, compression = false): unknown[] => [
  ...new FrameParser({ compression }).push(bytes),
];

describe('FrameParser', () => {
  it('gives frames of every length, whole or byte by byte', () => {
    const lengths = [0, 1, 125, 126, 65_535, 65_536];
    const bytes = fromServer(
      ...lengths.map((length) => ({ opcode: Opcode.Binary, payload: Buffer.alloc(length, 7) })),
    );
    const parser = new FrameParser({ compression: false });
    const singly = Array.from(bytes, (byte) => [...parser.push(Buffer.of(byte))]).flat();
    expect(singly.map(({ payload }) => payload.length)).toEqual(lengths);
    expect(parse(bytes)).toEqual(singly);
    expect(parser.unfinished).toBe(0);
  });

  it('counts the bytes of an unfinished frame', () => {
    const parser = new FrameParser({ compression: false });
    expect([...parser.push(fromServer({ payload: 'Hello' }).subarray(0, 4))]).toEqual([]);
    expect(parser.unfinished).toBe(4);
  });

  it('gives the frames before a violation', () => {
    const frames = new FrameParser({ compression: false }).push(
      fromServer({ payload: 'good' }, { rsv2: true }),
    );
    expect(frames.next().value?.payload.toString()).toBe('good');
    expect(() => frames.next()).toThrow(ProtocolViolation);
  });

  it('takes control frames between fragments', () => {
    const bytes = fromServer(
      { fin: false, payload: 'a' },
      { opcode: Opcode.Ping },
      { opcode: Opcode.Continuation, payload: 'b' },
    );
    expect(parse(bytes)).toHaveLength(3);
  });

  it('takes RSV1 on the first frame of a message if compression was agreed', () => {
    expect(parse(fromServer({ rsv1: true }), true)).toMatchObject([{ rsv1: true }]);
  });

  const close = (payload: string): OutgoingFrame => ({
    opcode: Opcode.Close,
    payload: Buffer.from(payload, 'hex'),
  });
  const violations: Record<string, OutgoingFrame[]> = {
    'a mask': [{ mask: Buffer.alloc(4) }],
    'RSV1 without compression': [{ rsv1: true }],
    RSV2: [{ rsv2: true }],
    RSV3: [{ rsv3: true }],
    'a reserved data opcode': [{ opcode: 3 }],
    'a reserved control opcode': [{ opcode: 11 }],
    '16 bits for a short length': [{ payload: 'a', lengthEncoding: 16 }],
    '64 bits for a short length': [{ payload: 'a'.repeat(65_535), lengthEncoding: 64 }],
    'a length of 64 bits': [{ declaredLength: 2n ** 64n - 1n }],
    'a fragmented ping': [{ opcode: Opcode.Ping, fin: false }],
    'a long ping': [{ opcode: Opcode.Ping, payload: 'a'.repeat(126) }],
    'a continuation of nothing': [{ opcode: Opcode.Continuation }],
    'a message inside a message': [{ fin: false }, { payload: 'b' }],
    'a Close payload of one byte': [close('03')],
    'a Close code below 1000': [close('03e7')],
    'Close code 1005': [close('03ed')],
    'Close code 1006': [close('03ee')],
    'Close code 1015': [close('03f7')],
    'Close code 2999': [close('0bb7')],
    'Close code 5000': [close('1388')],
    'a Close reason that is not UTF-8': [close('03e8ff')],
    'a frame after Close': [close('03e8'), { payload: 'late' }],
  };

  it.each(Object.entries(violations))('refuses %s', (_what, frames) => {
    expect(() => parse(fromServer(...frames))).toThrow(ProtocolViolation);
  });

  it('refuses RSV1 on a continuation and on control frames', () => {
    const continuation = [{ fin: false }, { opcode: Opcode.Continuation, rsv1: true }];
    expect(() => parse(fromServer(...continuation), true)).toThrow(ProtocolViolation);
    const ping = { opcode: Opcode.Ping, rsv1: true };
    expect(() => parse(fromServer(ping), true)).toThrow(ProtocolViolation);
  });
});
