import { assertCloseCode, encodeClose, isValidCloseCode } from './close-code.js';

describe('isValidCloseCode', () => {
  it.each([1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 3999, 4000, 4999])(
    'takes %d',
    (code) => {
      expect(isValidCloseCode(code)).toBe(true);
    },
  );

  it.each([-1, 0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535, 1000.5, NaN])(
    'refuses %d',
    (code) => {
      expect(isValidCloseCode(code)).toBe(false);
    },
  );
});

describe('assertCloseCode', () => {
  it('says what is allowed', () => {
    expect(() => assertCloseCode(1005)).toThrow(
      new RangeError('Close code 1005 must not be sent: use 1000-1003, 1007-1014 or 3000-4999'),
    );
  });
});

describe('encodeClose', () => {
  it('writes code and reason', () => {
    expect(encodeClose(1001, 'bye')).toEqual(Buffer.from([0x03, 0xe9, 0x62, 0x79, 0x65]));
  });

  it.each([
    ['x'.repeat(124), 123],
    ['x'.repeat(122) + 'é', 122],
    ['€'.repeat(42), 123],
    ['x'.repeat(121) + '\u{1f600}', 121],
  ])('cuts %j on a character boundary', (reason, bytes) => {
    const text = encodeClose(1000, reason).subarray(2);
    expect(text.length).toBe(bytes);
    expect(reason.startsWith(text.toString())).toBe(true);
  });
});
