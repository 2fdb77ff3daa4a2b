/**
 * The image's HEALTHCHECK: `node dist/health/probe.js` ends with 0 when the service that was started
 * with the same settings is alive, else with 1 and the reason.
 */
import { existsSync } from 'node:fs';
import { askAlive } from './ask-alive.js';

if (existsSync('.env')) process.loadEnvFile();

try {
  await askAlive(process.env);
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
}
