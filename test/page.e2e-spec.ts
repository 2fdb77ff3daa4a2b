import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Browser, Locator, Page } from 'playwright-core';
import { WebSocketServer } from 'ws';
import { launchBrowser } from './support/chromium.js';
import { request } from './support/raw-client.js';
import type { Service } from './support/service.js';
import type { TransportName } from './support/transports.js';
import { usePair, useService } from './support/use-service.js';

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
    page = await ConsolePage.visit(`${scheme}://127.0.0.1:${relay.port}`);
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
    const service = services().serviceFor(transport);
    await eventually(() => openSockets(service, '/ws', transport), { [httpVersion]: 1 });
    // Only HTTP/2 shares the page's connection.
    expect(relay.connections - connectionsOfThePage).toBe(transport === 'h2-tls' ? 0 : 1);
    await page.close.click();
    await eventually(() => openSockets(service, '/ws', transport), {});
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

describe('the console page and a server of another origin', () => {
  const service = useService();
  let server: WebSocketServer;
  let page: ConsolePage;

  beforeEach(async () => {
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    page = await ConsolePage.visit(`http://127.0.0.1:${service().port}`);
    await page.url.fill(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });

  afterEach(async () => {
    await page.leave().finally(() => server.close());
  });

  it('shows binary messages in hexadecimal', async () => {
    server.on('connection', (socket) => {
      socket.send(Buffer.from([0x00, 0x0f, 0xff]));
      socket.send(Buffer.alloc(0));
      socket.send(Buffer.alloc(2000, 0xab));
    });
    await page.connect.click();
    await page.showsRows([
      OPENED(`${await page.url.inputValue()}/`),
      ['Server', 'Client', 'Binary, 3 bytes: 00 0f ff'],
      ['Server', 'Client', 'Binary, 0 bytes'],
      ['Server', 'Client', `Binary, 2,000 bytes: ${'ab '.repeat(1024)}…`],
    ]);
  });

  it('cuts a long message and keeps the newest 5,000 rows', async () => {
    server.on('connection', (socket) => {
      for (let index = 0; index < 5000; index += 1) socket.send(`message ${index}`);
      socket.send('x'.repeat(5000));
    });
    await page.connect.click();
    await page.summary.filter({ hasText: 'Newest 5,000 rows; 2 older rows removed' }).waitFor();
    expect(await page.rowCount()).toBe(5000);
    expect(await page.oldestRow()).toEqual(['Server', 'Client', 'message 1']);
    expect(await page.newestRow()).toEqual([
      'Server',
      'Client',
      `${'x'.repeat(4096)}… (5,000 characters in all)`,
    ]);
    await page.clear.click();
    await page.showsRows([]);
  });

  it('shows the reason of a close as text, and the code in words', async () => {
    server.on('connection', (socket) => socket.close(4001, '<b>no</b>'));
    await page.connect.click();
    await page.hasStatus('Closed');
    expect((await page.rows()).at(-1)).toEqual([
      'Connection closed. Code: 4001 (private use). Reason: <b>no</b>. Clean: yes.',
    ]);
  });
});

/** The console page in a browser, its controls found as a person finds them: by role and name. */
class ConsolePage {
  readonly url: Locator;
  readonly connect: Locator;
  readonly close: Locator;
  readonly message: Locator;
  readonly send: Locator;
  readonly answerPing: Locator;
  readonly alert: Locator;
  readonly log: Locator;
  readonly clear: Locator;
  readonly summary: Locator;
  readonly host: string;
  readonly webSocketOrigin: string;
  contentSecurityPolicy = '';
  /** How many WebSockets the page has made. */
  sockets = 0;
  /** What went wrong in the browser: its console, uncaught errors, requests to other hosts. */
  private problems: string[] = [];

  private constructor(
    private readonly page: Page,
    private readonly origin: string,
  ) {
    const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
    this.url = page.getByRole('combobox', { name: 'WebSocket server URL' });
    this.connect = button('Connect');
    this.close = button('Close Socket');
    this.message = page.getByRole('textbox', { name: 'Message to send' });
    this.send = button('Send');
    this.answerPing = page.getByRole('checkbox', { name: 'Answer ping with pong' });
    this.alert = page.getByRole('alert');
    this.log = page.getByRole('log', { name: 'Communication log' });
    this.clear = button('Clear');
    this.summary = page.getByRole('region', { name: 'Communication log' }).getByText(/rows?\b/);
    this.host = new URL(origin).host;
    this.webSocketOrigin = origin.replace('http', 'ws');
  }

  static async visit(origin: string): Promise<ConsolePage> {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    context.setDefaultTimeout(10_000);
    const visited = new ConsolePage(await context.newPage(), origin);
    await visited.open();
    return visited;
  }

  private async open(): Promise<void> {
    this.page.on('console', (message) => this.problems.push(message.text()));
    this.page.on('pageerror', (error) => this.problems.push(String(error)));
    this.page.on('websocket', () => (this.sockets += 1));
    this.page.on('request', (sent) => {
      if (new URL(sent.url()).origin !== this.origin) this.problems.push(`asks ${sent.url()}`);
    });
    const response = await this.page.goto(this.origin);
    this.contentSecurityPolicy = (await response?.headerValue('content-security-policy')) ?? '';
  }

  /** Closes the page; rejects when something went wrong in the browser. */
  async leave(): Promise<void> {
    const problems = this.takeProblems();
    await this.page.context().close();
    if (problems.length > 0) throw new Error(`in the browser: ${problems.join('\n')}`);
  }

  async connectTo(path: string): Promise<void> {
    await this.url.fill(this.webSocketOrigin + path);
    await this.connect.click();
    await this.hasStatus('Open');
  }

  async hasStatus(text: string): Promise<void> {
    const status = this.page.getByRole('status', { name: 'Connection status' });
    await eventually(async () => (await status.innerText()).trim(), text);
  }

  async showsRows(rows: string[][]): Promise<void> {
    await eventually(() => this.rows(), rows);
  }

  /** The cells of each row below the head. */
  async rows(): Promise<string[][]> {
    const [, ...rows] = await this.log.getByRole('row').allInnerTexts();
    return rows.map((row) => row.split('\t'));
  }

  async rowCount(): Promise<number> {
    return (await this.log.locator('tr').count()) - 1;
  }

  async oldestRow(): Promise<string[]> {
    return (await this.log.locator('tr').nth(1).innerText()).split('\t');
  }

  async newestRow(): Promise<string[]> {
    return (await this.log.locator('tr').last().innerText()).split('\t');
  }

  async enabled(): Promise<typeof OPEN> {
    return {
      url: await this.url.isEnabled(),
      connect: await this.connect.isEnabled(),
      close: await this.close.isEnabled(),
      message: await this.message.isEnabled(),
      send: await this.send.isEnabled(),
    };
  }

  async knownUrls(): Promise<(string | null)[]> {
    const options = await this.page.locator('datalist option').all();
    return Promise.all(options.map((option) => option.getAttribute('value')));
  }

  focused(): Promise<string> {
    return this.page.locator(':focus').innerText();
  }

  title(): Promise<string> {
    return this.page.title();
  }

  press(key: string): Promise<void> {
    return this.page.keyboard.press(key);
  }

  type(text: string): Promise<void> {
    return this.page.keyboard.type(text);
  }

  resize(width: number, height: number): Promise<void> {
    return this.page.setViewportSize({ width, height });
  }

  /** The problems so far, which the test expects. */
  takeProblems(): string[] {
    const taken = this.problems;
    this.problems = [];
    return taken;
  }
}

/** TCP between the browser and the service: counts connections, holds bytes back, cuts the line. */
class Relay {
  connections = 0;
  private held = false;
  private readonly pairs = new Map<Socket, Socket>();

  private constructor(
    private readonly server: Server,
    servicePort: number,
  ) {
    server.on('connection', (fromBrowser) => this.join(fromBrowser, servicePort));
  }

  static async to(servicePort: number): Promise<Relay> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Relay(server, servicePort);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** From now on nothing that the browser sends gets through. */
  hold(): void {
    this.held = true;
    for (const [fromBrowser, toService] of this.pairs) fromBrowser.unpipe(toService);
  }

  release(): void {
    this.held = false;
    for (const [fromBrowser, toService] of this.pairs) fromBrowser.pipe(toService);
  }

  cut(): void {
    for (const fromBrowser of this.pairs.keys()) fromBrowser.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(fromBrowser: Socket, servicePort: number): void {
    const toService = connect(servicePort, '127.0.0.1');
    this.connections += 1;
    this.pairs.set(fromBrowser, toService);
    if (!this.held) fromBrowser.pipe(toService);
    toService.pipe(fromBrowser);
    for (const [socket, other] of [
      [fromBrowser, toService],
      [toService, fromBrowser],
    ]) {
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        other.destroy();
        this.pairs.delete(fromBrowser);
      });
    }
  }
}

/** How many sockets `/health` says are open on a gateway, by HTTP version. */
async function openSockets(
  service: Service,
  gateway: string,
  transport: TransportName,
): Promise<Record<string, number>> {
  const { text } = await request(service.targetFor(transport), { path: '/health' });
  const { details } = JSON.parse(text) as {
    details: { sockets: { byGateway: Record<string, Record<string, number>> } };
  };
  return details.sockets.byGateway[gateway] ?? {};
}

/** Reads until the value is the expected one; past the deadline the assertion says how it differs. */
async function eventually<T>(read: () => Promise<T>, expected: T, ms = 5000): Promise<void> {
  const deadline = performance.now() + ms;
  let value = await read();
  while (!isDeepStrictEqual(value, expected) && performance.now() < deadline) {
    await sleep(20);
    value = await read();
  }
  expect(value).toEqual(expected);
}
