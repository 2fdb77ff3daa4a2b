import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidSettingsError, loadSettings } from './index.js';

describe('loadSettings', () => {
  const before = { folder: process.cwd(), environment: process.env };
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wren-env-'));
    process.chdir(folder);
    process.env = {};
  });

  afterEach(() => {
    process.chdir(before.folder);
    process.env = before.environment;
    rmSync(folder, { recursive: true });
  });

  it('reads .env, and process.env before it, and writes nothing back', async () => {
    writeFileSync('.env', 'PORT=4000\nPING_PONG_ROUNDS=3\nWS_ALLOWED_ORIGINS="self, *" # quoted\n');
    process.env.PORT = '5000';
    const settings = await loadSettings();
    expect(settings.port).toBe(5000);
    expect(settings.pingPong.rounds).toBe(3);
    expect(settings.webSocket.allowedOrigins).toEqual(['self', '*']);
    expect(process.env).toEqual({ PORT: '5000' });
  });

  it('needs no .env', async () => {
    await expect(loadSettings()).resolves.toMatchObject({ port: 3000 });
  });

  it('fails with every bad variable, whichever of the two it came from', async () => {
    writeFileSync('.env', 'PORT=many\n');
    process.env.HTTP2 = '2';
    const refusal = await loadSettings().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(InvalidSettingsError);
    expect(refusal).toHaveProperty('problems', [
      { variable: 'PORT', value: 'many', allowed: expect.any(String) },
      { variable: 'HTTP2', value: '2', allowed: expect.any(String) },
    ]);
  });
});
