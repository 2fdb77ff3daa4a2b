import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { WebSocketServer } from 'ws';
import { launchBrowser } from '../support/chromium.js';
import { useService } from '../support/use-service.js';
import { ConsolePage } from './console-page.js';

const OPENED = (url: string): string[] => [`Connection opened. URL: ${url}`];

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);

afterAll(() => browser?.close());

describe('the console page and a server of another origin', () => {
  const service = useService();
  let server: WebSocketServer;
  let page: ConsolePage;

  beforeEach(async () => {
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    page = await ConsolePage.visit(browser, `http://127.0.0.1:${service().port}`);
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
