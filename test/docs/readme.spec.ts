import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

const read = (name: string): string =>
  readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

/** The rows of the README's settings table: variable and default, as far as it is a plain value. */
function settingsOfReadme(): Map<string, string | undefined> {
  const rows = read('README.md').matchAll(/^\| (`[A-Z][^|]*?) +\| ([^|]*?) +\|/gm);
  const settings = new Map<string, string | undefined>();
  for (const [, names = '', value = ''] of rows) {
    for (const [, name = ''] of names.matchAll(/`([A-Z][A-Z0-9_]+)`/g)) {
      settings.set(name, /^`([^`]*)`/.exec(value)?.[1]);
    }
  }
  return settings;
}

describe('README.md', () => {
  const documented = settingsOfReadme();
  const example = parseEnv(read('.env.example'));

  it('lists every setting, and no other', () => {
    expect([...documented.keys()].toSorted()).toEqual(Object.keys(example).toSorted());
  });

  it.each(Object.entries(example).filter(([, value]) => value !== ''))(
    'tells the default of %s: %s',
    (name, value) => {
      expect(documented.get(name)).toBe(value);
    },
  );

  it('names commands that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const document of ['README.md', 'CONTRIBUTING.md']) {
      for (const [, name = ''] of read(document).matchAll(/npm run ([a-z:]+)/g)) {
        expect(scripts).toHaveProperty([name]);
      }
    }
  });

  it('links to files that exist', () => {
    for (const [, target = ''] of read('README.md').matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      expect(() => read(target)).not.toThrow();
    }
  });
});
