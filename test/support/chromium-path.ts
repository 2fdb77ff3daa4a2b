import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { installChromium } from './chromium-install.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The browser for the tests: CHROME_PATH, one that is installed, or the platform's own package. */
export async function findOrInstallChromium(): Promise<string> {
  const found = await findChromium();
  if (found !== undefined) return found;
  await installChromium();
  const installed = await findChromium();
  if (installed === undefined) throw new Error('Chromium was installed but is not on the PATH');
  return installed;
}

async function findChromium(): Promise<string | undefined> {
  const chosen = process.env.CHROME_PATH;
  if (chosen) {
    if (await isExecutable(chosen)) return chosen;
    throw new Error(`CHROME_PATH is ${chosen}, which is no program that can be run`);
  }
  const directories = process.env.PATH?.split(delimiter) ?? [];
  const candidates = NAMES.flatMap((name) => directories.map((path) => join(path, name)));
  for (const candidate of [...candidates, ...MAC_PATHS]) {
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
