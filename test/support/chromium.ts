import { type Browser, chromium, type Page } from 'playwright-core';

const ARGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts the browser that global-setup.ts found. It takes the tests' self-signed certificate for
 * pages and WebSockets alike.
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

/** The protocol that the page itself came over, as ALPN names it: `h2` or `http/1.1`. */
export function protocolOf(page: Page): Promise<string> {
  return page.evaluate<string>("performance.getEntriesByType('navigation')[0].nextHopProtocol");
}
