import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { environmentSchema } from './environment.schema.js';
import { readSettings } from './index.js';

const text = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8');

describe('.env.example', () => {
  const variables = parseEnv(text);

  it('names every variable, and no other', () => {
    expect(Object.keys(variables).toSorted()).toEqual(
      Object.keys(environmentSchema.shape).toSorted(),
    );
  });

  it('shows the defaults', () => {
    expect(readSettings(variables, false)).toEqual(readSettings({}, false));
  });

  it('explains each variable in the comment above it', () => {
    const lines = text.split('\n');
    const unexplained = lines.filter((line, index) => {
      return /^\w/.test(line) && !lines[index - 1]?.startsWith('# ');
    });
    expect(unexplained).toEqual([]);
  });
});
