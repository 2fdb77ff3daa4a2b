import { allowOrigins } from '../../src/websockets/index.js';
import { useTestApps } from '../apps/events-test-app.js';
import { attempt } from '../apps/origin-attempt.js';
import { OriginApp } from '../apps/origin.app.js';
import { originOf, transports } from '../support/transports.js';

const SETTING = 'https://setting.example';
const LISTED = 'https://listed.example';
const WILD = 'https://a.wild.example';

const apps = useTestApps(OriginApp, { allowedOrigins: [SETTING] });

describe.each(['/gateway', '/action'])('origins chosen in code for %s', (prefix) => {
  describe.each(transports)('over %s', (transport) => {
    const target = () => apps().targetFor(transport);

    it.each([
      { choice: 'setting', passes: [SETTING] },
      { choice: 'listed', passes: [LISTED, WILD] },
      { choice: 'self', passes: ['self'] },
      { choice: 'any', passes: [SETTING, LISTED, WILD, 'self', 'null'] },
      { choice: 'unguarded', passes: [SETTING, LISTED, WILD, 'self', 'null'] },
    ])('$choice lets in $passes', async ({ choice, passes }) => {
      const path = `${prefix}/${choice}`;
      expect(await attempt(target(), { path })).toBe('open');
      for (const name of [SETTING, LISTED, WILD, 'self', 'null']) {
        const origin = name === 'self' ? originOf(target()) : name;
        const expected = passes.includes(name) ? 'open' : 403;
        expect({ name, got: await attempt(target(), { path, origin }) }).toEqual({
          name,
          got: expected,
        });
      }
    });
  });
});

it.each(['', 'listed.example', 'https://listed.example/', 'https://*'])(
  'allowOrigins(%j) is refused when it is written, not when it is used',
  (origin) => {
    expect(() => allowOrigins(origin)).toThrow(/Not a list of origins/);
  },
);
