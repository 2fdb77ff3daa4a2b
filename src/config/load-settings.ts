import { ConfigModule } from '@nestjs/config';
import { readSettings } from './read-settings.js';
import type { PlainSettings } from './settings.js';

/**
 * Reads the settings from `.env` in the working directory and from `process.env`, which wins.
 *
 * The one place that looks at the environment: the bootstrap calls it once, before Nest exists,
 * because TLS and the HTTP server are made from it, and hands the result to
 * {@link SettingsModule.forRoot}. Nothing is written back to `process.env`.
 *
 * @throws {InvalidSettingsError}
 */
export function loadSettings(): Promise<PlainSettings> {
  return new Promise((resolve, reject) => {
    // `validate` runs within this call; what it returns would be copied to `process.env`
    const validate = (variables: Record<string, string | undefined>) => {
      resolve(readSettings(variables));
      return {};
    };
    ConfigModule.forRoot({ validate }).catch(reject);
  });
}
