import type { Browser, Locator, Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';

/** Which controls can be used. */
export interface Controls {
  readonly url: boolean;
  readonly connect: boolean;
  readonly close: boolean;
  readonly message: boolean;
  readonly send: boolean;
}

/** The console page in a browser, its controls found as a person finds them: by role and name. */
export class ConsolePage {
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

  static async visit(browser: Browser, origin: string): Promise<ConsolePage> {
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

  async enabled(): Promise<Controls> {
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
