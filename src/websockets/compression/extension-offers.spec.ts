import { parseExtensions } from './extension-offers.js';

describe('parseExtensions', () => {
  it.each([
    ['a', [{ name: 'a', parameters: [] }]],
    [
      'a, b',
      [
        { name: 'a', parameters: [] },
        { name: 'b', parameters: [] },
      ],
    ],
    ['a;b', [{ name: 'a', parameters: [{ name: 'b', value: undefined }] }]],
    ['a;b=c', [{ name: 'a', parameters: [{ name: 'b', value: 'c' }] }]],
    ['a;b="c"', [{ name: 'a', parameters: [{ name: 'b', value: 'c' }] }]],
    ['a;b="\\c\\d"', [{ name: 'a', parameters: [{ name: 'b', value: 'cd' }] }]],
    ['\ta ;\tb = c ', [{ name: 'a', parameters: [{ name: 'b', value: 'c' }] }]],
    [', ,a,\t,', [{ name: 'a', parameters: [] }]],
    ["!#$%&'*+-.^_`|~09Az", [{ name: "!#$%&'*+-.^_`|~09Az", parameters: [] }]],
    [
      'a;b;b=1;b="2"',
      [
        {
          name: 'a',
          parameters: [
            { name: 'b', value: undefined },
            { name: 'b', value: '1' },
            { name: 'b', value: '2' },
          ],
        },
      ],
    ],
  ])('reads %j', (header, expected) => {
    expect(parseExtensions(header)).toEqual(expected);
  });

  it.each([
    '',
    ' ',
    ',',
    ';',
    ';a',
    'a;',
    'a;;b',
    'a b',
    'a;b c',
    'a;b=',
    'a;b=,c',
    'a;b=""',
    'a;b="',
    'a;b="c',
    'a;b=c"',
    'a;b=c d',
    'a;b="c d"',
    'a;b="c" d',
    'a;b="c"d',
    'a;b="c,d"',
    'a;b="\\"',
    'a;b="\\ "',
    "a;b='c d'",
    'a;=c',
    'a=b',
    'a;b==c',
    'a;b=c=d',
    'a/b',
    'a, b;',
    'a, (b)',
    'é',
    'a;b=é',
    'a\n',
    'a\r\n ,b',
    'a\u00a0',
    'a\0',
  ])('finds that %j breaks the grammar', (header) => {
    expect(parseExtensions(header)).toBeUndefined();
  });

  it.each([
    ['blanks', ' '.repeat(1e6)],
    ['commas', `${','.repeat(1e6)}"`],
    ['a quote that never ends', `a;b="${'\\a'.repeat(5e5)}`],
    ['parameters', `a${';b'.repeat(3e5)};`],
    ['blanks before no equals sign', `a${`;b${' '.repeat(100)}`.repeat(1e4)};`],
  ])('takes linear time for %s', (_, header) => {
    const start = performance.now();
    expect(parseExtensions(header)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
