import { applyMask, wordsOf } from './mask.js';

const KEY = Buffer.from([0x12, 0x34, 0x56, 0x78]);

function masked(bytes: Buffer, phase: number): Buffer {
  return Buffer.from(bytes.map((byte, index) => byte ^ KEY[(index + phase) & 3]));
}

describe('applyMask', () => {
  it('unmasks every length at every alignment, phase and place of the key', () => {
    for (let length = 0; length <= 80; length++) {
      const plain = Buffer.from(Array.from({ length }, (_, index) => (index * 31) & 0xff));
      for (let offset = 0; offset < 5; offset++) {
        for (let phase = 0; phase < 4; phase++) {
          const memory = Buffer.alloc(offset + length + 9, 0xee);
          const bytes = memory.subarray(offset);
          masked(plain, phase).copy(bytes, 3);
          applyMask(bytes, wordsOf(bytes), 3, 3 + length, KEY, 0, phase);
          expect(bytes.subarray(3, 3 + length).equals(plain)).toBe(true);
          expect(bytes.subarray(0, 3).equals(Buffer.alloc(3, 0xee))).toBe(true);
          expect(bytes.subarray(3 + length).every((byte) => byte === 0xee)).toBe(true);
        }
      }
    }
  });

  it('takes the key from the bytes in front of the payload', () => {
    const frame = Buffer.concat([KEY, masked(Buffer.from('in place, with words'), 0)]);
    applyMask(frame, wordsOf(frame), 4, frame.length, frame, 0, 0);
    expect(frame.subarray(4).toString()).toBe('in place, with words');
  });
});
