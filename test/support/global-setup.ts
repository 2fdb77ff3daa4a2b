import { findOrInstallChromium } from './chromium-path.js';

/** Jest's globalSetup: what the tests need beyond npm. Workers inherit the environment. */
export default async function globalSetup(): Promise<void> {
  process.env.CHROME_PATH = await findOrInstallChromium();
}
