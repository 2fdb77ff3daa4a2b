import { attempt } from '../apps/origin-attempt.js';
import { tlsSettings } from '../support/certificates.js';
import { startService } from '../support/service.js';
import { isTls, transports } from '../support/transports.js';

/** A tab, quotes, and what terminals with 8-bit controls take for a line end and an order. */
const NASTY = 'https://nasty.example/\t"}{"level":"fatal"}\x85\x9b2J';
const LONG = `https://${'long'.repeat(1000)}.example`;

const formats = ['json', 'pretty'].flatMap((format) =>
  transports.map((transport) => ({ format, transport })),
);

describe.each(formats)('the log as $format, over $transport', ({ format, transport }) => {
  let lines: string[];

  /** The lines about an origin, of all that the service wrote in its life. */
  const linesWith = (word: string): string[] => lines.filter((line) => line.includes(word));

  beforeAll(async () => {
    const tls = isTls(transport) ? await tlsSettings() : {};
    const service = await startService({ LOG_FORMAT: format, ...tls });
    const target = service.targetFor(transport);
    for (const path of ['/ws', '/connect']) {
      expect(await attempt(target, { path, origin: 'https://evil.example' })).toBe(403);
    }
    const many = ['https://one.example', 'https://two.example', 'null', NASTY, LONG];
    for (const origin of [...many, ['https://twin.example', 'https://other.example']]) {
      expect(await attempt(target, { origin })).toBe(403);
    }
    await service.stop();
    lines = `${service.stdout}${service.stderr}`.split('\n');
  });

  it.each(['one.example', 'two.example', 'null', 'nasty.example', 'longlong'])(
    'has one line with %s',
    (word) => {
      expect(linesWith(word)).toEqual([expect.stringMatching(/warn/i)]);
    },
  );

  it('says where the origin was refused', () => {
    expect(linesWith('evil.example')).toEqual([
      expect.stringContaining('/ws'),
      expect.stringContaining('/connect'),
    ]);
  });

  it('has both of two Origin headers in one line', () => {
    expect(linesWith('twin.example')).toEqual([expect.stringContaining('other.example')]);
  });

  it('has nothing but printable characters, whatever the origin', () => {
    expect(linesWith('nasty.example')).toEqual([expect.stringMatching(/^[\x20-\x7e]+$/)]);
  });

  it('cuts a long origin', () => {
    expect(linesWith('longlong')[0].length).toBeLessThan(500);
  });
});
