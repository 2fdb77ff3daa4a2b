import { closePayload, encodeFrame } from './raw-client/encode-frame.js';
import { Opcode } from './raw-client/frame.js';

const hex = (bytes: Buffer): string => bytes.toString('hex');

describe('encodeFrame', () => {
  it('encodes the examples of RFC 6455 section 5.7', () => {
    expect(hex(encodeFrame({ payload: 'Hello', mask: false }))).toBe('810548656c6c6f');
    const mask = Buffer.from('37fa213d', 'hex');
    expect(hex(encodeFrame({ payload: 'Hello', mask }))).toBe('818537fa213d7f9f4d5158');
    expect(hex(encodeFrame({ opcode: Opcode.Ping, payload: 'Hello', mask: false }))).toBe(
      '890548656c6c6f',
    );
  });

  it.each([
    [125, '827d'],
    [126, '827e007e'],
    [65_535, '827effff'],
    [65_536, '827f0000000000010000'],
  ])('takes the shortest length field for %d bytes', (length, head) => {
    const payload = Buffer.alloc(length);
    const frame = encodeFrame({ opcode: Opcode.Binary, payload, mask: false });
    expect(hex(frame.subarray(0, frame.length - length))).toBe(head);
  });

  it('takes a length field that is longer than it has to be', () => {
    const at = (lengthEncoding: 16 | 64): string =>
      hex(encodeFrame({ payload: 'a', mask: false, lengthEncoding }));
    expect(at(16)).toBe('817e000161');
    expect(at(64)).toBe('817f000000000000000161');
  });

  it('refuses a length field that is too short', () => {
    expect(() => encodeFrame({ payload: 'a'.repeat(126), lengthEncoding: 7 })).toThrow(RangeError);
  });

  it('claims a length that is not the payload’s', () => {
    const frame = encodeFrame({ payload: 'a', mask: false, declaredLength: 2n ** 64n - 1n });
    expect(hex(frame)).toBe('817fffffffffffffffff61');
  });

  it('sets every bit of the first byte', () => {
    const first = (frame: Parameters<typeof encodeFrame>[0]): number => encodeFrame(frame)[0];
    expect(first({ fin: false })).toBe(0x01);
    expect(first({ rsv1: true })).toBe(0xc1);
    expect(first({ rsv2: true })).toBe(0xa1);
    expect(first({ rsv3: true, opcode: 0xf })).toBe(0x9f);
  });

  it('masks at random unless told otherwise', () => {
    const frame = encodeFrame({ payload: 'Hello' });
    expect(frame[1]).toBe(0x85);
    const mask = frame.subarray(2, 6);
    const unmasked = frame.subarray(6).map((byte, i) => byte ^ mask[i % 4]);
    expect(Buffer.from(unmasked).toString()).toBe('Hello');
  });
});

it('makes the payload of a Close frame', () => {
  expect(hex(closePayload())).toBe('');
  expect(hex(closePayload(1000))).toBe('03e8');
  expect(hex(closePayload(4001, 'é'))).toBe('0fa1c3a9');
});
