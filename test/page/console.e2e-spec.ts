import type { Browser } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import { launchBrowser } from '../support/chromium.js';
import { openSockets } from '../apps/open-sockets.js';
import { usePair } from '../support/use-service.js';
import { ConsolePage } from './console-page.js';
import { Relay } from './relay.js';

const ROUNDS = 10;
const OPENED = (url: string): string[] => [`Connection opened. URL: ${url}`];
const CLOSED_BY_CLIENT = [
  'Connection closed. Code: 1000 (normal closure). Reason: Closing from client. Clean: yes.',
];

/** Which controls can be used in each state of the connection. */
const DISCONNECTED = { url: true, connect: true, close: false, message: false, send: false };
const CONNECTING = { url: false, connect: false, close: true, message: false, send: false };
const OPEN = { url: false, connect: false, close: true, message: true, send: true };
const CLOSING = { url: false, connect: false, close: false, message: false, send: false };

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);

afterAll(() => browser?.close());

describe.each([
  { over: 'plain HTTP', scheme: 'http', transport: 'h1', httpVersion: '1.1' },
  { over: 'TLS', scheme: 'https', transport: 'h2-tls', httpVersion: '2.0' },
] as const)('the console page over $over', ({ scheme, transport, httpVersion }) => {
  const services = usePair({ PING_PONG_ROUNDS: String(ROUNDS), PING_PONG_INTERVAL: '5ms' });
  let relay: Relay;
  let page: ConsolePage;
  const urlOf = (path: string): string => `${page.webSocketOrigin}${path}`;

  beforeEach(async () => {
    relay = await Relay.to(services().serviceFor(transport).port);
    page = await ConsolePage.visit(browser, `${scheme}://127.0.0.1:${relay.port}`);
  });

  afterEach(async () => {
    await page.leave().finally(() => relay.stop());
  });

  it('waits for the user, with the echo gateway of its own host as the URL', async () => {
    expect(page.contentSecurityPolicy).toContain("default-src 'none'; script-src 'self'");
    await page.hasStatus('Ready to connect');
    expect(await page.url.inputValue()).toBe(`${scheme.replace('http', 'ws')}://${page.host}/ws`);
    expect(await page.knownUrls()).toEqual(['/ws', '/ping-pong', '/connect'].map(urlOf));
    expect(await page.enabled()).toEqual(DISCONNECTED);
    expect(await page.answerPing.isVisible()).toBe(false);
    expect(await page.rows()).toEqual([]);
  });

  it('is echoed what it sends, and logs both', async () => {
    await page.connectTo('/ws');
    await page.message.fill('by Enter');
    await page.message.press('Enter');
    await page.showsRows([
      OPENED(urlOf('/ws')),
      ['Client', 'Server', 'by Enter'],
      ['Server', 'Client', 'by Enter'],
    ]);
    expect(await page.message.inputValue()).toBe('');

    await page.clear.click();
    await page.message.fill('by click: ünïcödé 😀');
    await page.send.click();
    await page.showsRows([
      ['Client', 'Server', 'by click: ünïcödé 😀'],
      ['Server', 'Client', 'by click: ünïcödé 😀'],
    ]);
  });

  it('is echoed by the controller action too', async () => {
    await page.connectTo('/connect');
    await page.message.fill('hello');
    await page.message.press('Enter');
    await page.showsRows([
      OPENED(urlOf('/connect')),
      ['Client', 'Server', 'hello'],
      ['Server', 'Client', 'hello'],
    ]);
  });

  it(`connects over HTTP/${httpVersion}, as the server sees it`, async () => {
    const connectionsOfThePage = relay.connections;
    await page.connectTo('/ws');
    const open = async () =>
      (await openSockets(services().targetFor(transport))).byGateway['/ws'] ?? {};
    await eventually(open, { [httpVersion]: 1 });
    // Only HTTP/2 shares the page's connection.
    expect(relay.connections - connectionsOfThePage).toBe(transport === 'h2-tls' ? 0 : 1);
    await page.close.click();
    await eventually(open, {});
  });

  it('enables what makes sense in each state', async () => {
    relay.hold();
    await page.connect.click();
    await page.hasStatus('Connecting');
    expect(await page.enabled()).toEqual(CONNECTING);
    relay.release();
    await page.hasStatus('Open');
    expect(await page.enabled()).toEqual(OPEN);
    relay.hold();
    await page.close.click();
    await page.hasStatus('Closing');
    expect(await page.enabled()).toEqual(CLOSING);
    relay.release();
    await page.hasStatus('Closed');
    expect(await page.enabled()).toEqual(DISCONNECTED);
  });

  it('reports the close with code, reason and wasClean, and connects again', async () => {
    await page.connectTo('/ws');
    await page.close.click();
    await page.hasStatus('Closed');
    await page.connectTo('/ws');
    await page.showsRows([OPENED(urlOf('/ws')), CLOSED_BY_CLIENT, OPENED(urlOf('/ws'))]);
  });

  it('opens one socket on a double click on Connect', async () => {
    await page.connect.dblclick();
    await page.hasStatus('Open');
    await page.showsRows([OPENED(urlOf('/ws'))]);
    expect(page.sockets).toBe(1);
  });

  it('opens one socket on a second Enter, which sends no message either', async () => {
    await page.url.press('Enter');
    await page.press('Enter');
    await page.hasStatus('Open');
    await page.press('Enter');
    await page.close.click();
    await page.showsRows([OPENED(urlOf('/ws')), CLOSED_BY_CLIENT]);
    expect(page.sockets).toBe(1);
  });

  it('answers every ping with pong until the server is done', async () => {
    await page.url.fill(urlOf('/ping-pong'));
    expect(await page.answerPing.isChecked()).toBe(true);
    await page.url.press('Enter');
    await page.showsRows([
      OPENED(urlOf('/ping-pong')),
      ...Array.from({ length: ROUNDS }, () => [
        ['Server', 'Client', 'ping'],
        ['Client', 'Server', 'pong'],
      ]).flat(),
      ['Connection closed. Code: 1000 (normal closure). Reason: Done. Clean: yes.'],
    ]);
    await page.hasStatus('Closed');
  });

  it('leaves the answer to the user when told so', async () => {
    await page.url.fill(urlOf('/ping-pong'));
    await page.answerPing.uncheck();
    await page.connect.click();
    await page.message.fill('Pong?');
    await page.message.press('Enter');
    await page.showsRows([
      OPENED(urlOf('/ping-pong')),
      ['Server', 'Client', 'ping'],
      ['Client', 'Server', 'Pong?'],
      ["Connection closed. Code: 1000 (normal closure). Reason: Expected 'pong'. Clean: yes."],
    ]);
  });

  it('shows markup in a message as text', async () => {
    const markup = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
    await page.connectTo('/ws');
    await page.message.fill(markup);
    await page.send.click();
    await page.showsRows([
      OPENED(urlOf('/ws')),
      ['Client', 'Server', markup],
      ['Server', 'Client', markup],
    ]);
    expect(await page.log.locator('img, script').count()).toBe(0);
    expect(await page.title()).toBe('Wren: WebSocket console');
  });

  it('reports a refused handshake', async () => {
    await page.url.fill(urlOf('/nobody-serves-this'));
    await page.connect.click();
    await page.hasStatus('Closed');
    expect(await page.rows()).toEqual([
      [expect.stringContaining(`No WebSocket was opened at ${urlOf('/nobody-serves-this')}`)],
    ]);
    expect(await page.enabled()).toEqual(DISCONNECTED);
    expect(page.takeProblems()).toEqual([expect.stringContaining('404')]);
  });

  it('says what is wrong with a URL', async () => {
    for (const [url, message] of [
      ['nonsense', 'This is not a URL.'],
      ['', 'This is not a URL.'],
      ['https://example.com/ws', 'The URL must start with ws:// or wss://.'],
    ]) {
      await page.url.fill(url);
      await page.url.press('Enter');
      expect(await page.alert.innerText()).toContain(message);
    }
    await page.hasStatus('Ready to connect');
    expect(page.sockets).toBe(0);
    await page.url.fill(urlOf('/ws'));
    expect(await page.alert.innerText()).toBe('');
  });

  it('gives up connecting on Close Socket', async () => {
    relay.hold();
    await page.connect.click();
    await page.close.click();
    await page.showsRows([['Connecting was cancelled.']]);
    await page.hasStatus('Closed');
    expect(page.takeProblems()).toEqual([expect.stringContaining('closed before')]);
  });

  it('says so when the connection is lost', async () => {
    await page.connectTo('/ws');
    relay.cut();
    await page.showsRows([
      OPENED(urlOf('/ws')),
      [
        'Connection closed. Code: 1006 (connection lost without a close frame). ' +
          'Reason: none. Clean: no.',
      ],
    ]);
    // Whether the browser has a word to say on it differs by HTTP version.
    page.takeProblems();
  });

  it('works by keyboard alone', async () => {
    await page.url.focus();
    await page.press('Tab');
    expect(await page.focused()).toBe('Connect');
    await page.press('Enter');
    await page.hasStatus('Open');
    await page.type('typed');
    await page.press('Enter');
    await page.showsRows([
      OPENED(urlOf('/ws')),
      ['Client', 'Server', 'typed'],
      ['Server', 'Client', 'typed'],
    ]);
    await page.press('Shift+Tab');
    expect(await page.focused()).toBe('Close Socket');
    await page.press('Space');
    await page.hasStatus('Closed');
  });

  it('fits a phone', async () => {
    await page.resize(375, 667);
    const { url, connect: connectButton, close, message, send, clear, log } = page;
    for (const control of [url, connectButton, close, message, send, clear, log]) {
      const box = await control.boundingBox();
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? Infinity)).toBeLessThanOrEqual(375);
    }
  });
});
