import { parseDuration, parseSize } from './units.js';

describe('parseDuration', () => {
  it.each([
    ['0', 0],
    ['250', 250],
    ['500ms', 500],
    ['30s', 30_000],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['30S', 30_000],
    ['500Ms', 500],
  ])('reads %s as %d ms', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each(['', ' ', 'ms', '-1', '+1', '1.5s', '30 s', '30s ', '30sec', '1d', '1e3', '0x10', '1s2'])(
    'refuses %j',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});

describe('parseSize', () => {
  it.each([
    ['0', 0],
    ['1000', 1000],
    ['10b', 10],
    ['64kb', 65_536],
    ['1mb', 1_048_576],
    ['2GB', 2_147_483_648],
  ])('reads %s as %d bytes', (text, expected) => {
    expect(parseSize(text)).toBe(expected);
  });

  it.each(['', '-1', '1.5mb', '1 mb', '1mib', '1k', '1constructor'])('refuses %j', (text) => {
    expect(parseSize(text)).toBeUndefined();
  });
});
