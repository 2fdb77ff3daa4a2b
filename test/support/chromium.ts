import { type Browser, chromium } from 'playwright-core';

const ARGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts the browser that global-setup.ts found. It takes the tests' self-signed certificate, also
 * for WebSockets, which a context's `ignoreHTTPSErrors` alone does not reach in every version.
 */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROME_PATH;
  if (!executablePath) throw new Error('CHROME_PATH is not set: global-setup.ts does that');
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath,
    headless: true,
    chromiumSandbox: !isRoot,
    args: [...ARGS, '--ignore-certificate-errors'],
  });
}
