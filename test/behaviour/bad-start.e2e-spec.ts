import { request } from '../support/raw-client.js';
import { runUntilExit, type Settings, startService } from '../support/service.js';
import { useService } from '../support/use-service.js';

/** A wrong value for every variable that can have one. */
const WRONG: Readonly<Record<string, string>> = {
  HOST: 'no host',
  PORT: '65536',
  TLS_CERT_FILE: '/nowhere/cert.pem',
  TLS_KEY_FILE: '/nowhere/key.pem',
  HTTP2: 'yes',
  TRUST_PROXY: 'everybody',
  WS_ALLOWED_ORIGINS: 'https://app.example.com/path',
  WS_KEEP_ALIVE_INTERVAL: '30 seconds',
  WS_KEEP_ALIVE_TIMEOUT: '-1',
  WS_IDLE_TIMEOUT: 'never',
  WS_MAX_MESSAGE_SIZE: '0',
  WS_MAX_BUFFERED: '1tb',
  WS_SLOW_CONSUMER: 'wait',
  WS_MAX_CONNECTIONS: '1.5',
  WS_HANDSHAKE_TIMEOUT: '0',
  WS_COMPRESSION: 'gzip',
  WS_COMPRESSION_THRESHOLD: 'all',
  WS_COMPRESSION_SERVER_MAX_WINDOW_BITS: '8',
  WS_COMPRESSION_SERVER_NO_CONTEXT_TAKEOVER: '1',
  PING_PONG_ROUNDS: '0',
  PING_PONG_INTERVAL: '1x',
  PING_PONG_TIMEOUT: '0s',
  SHUTDOWN_TIMEOUT: '0',
  LOG_LEVEL: 'loud\nPORT=1: fine\r\n\u001b[2J',
  LOG_FORMAT: 'xml',
};

/** What a service says that does not start: why, a line for each reason, and nothing else. */
async function reasonsOf(settings: Settings): Promise<string[]> {
  const { code, signal, stdout, stderr } = await runUntilExit(settings);
  expect({ code, signal }).toEqual({ code: 1, signal: null });
  expect(stdout).not.toContain('Listening');
  return stderr.trimEnd().split('\n');
}

describe('a service with wrong settings', () => {
  let reasons: string[];

  beforeAll(async () => {
    reasons = await reasonsOf(WRONG);
  });

  it('says a line for each, and nothing else', () => {
    expect(reasons).toHaveLength(Object.keys(WRONG).length);
  });

  it.each(Object.entries(WRONG))('names %s, its value and what is allowed', (variable, value) => {
    expect(reasons.filter((line) => line.startsWith(`${variable}=`))).toEqual([
      expect.stringContaining(`${variable}=${JSON.stringify(value)}: must be `),
    ]);
  });

  it('names one alone that is alone', async () => {
    expect(await reasonsOf({ PORT: 'web' })).toEqual([
      'PORT="web": must be a port, 0 (any free one) to 65535',
    ]);
  });
});

describe('a service that cannot listen', () => {
  const running = useService();

  it.each([{}, { HTTP2: 'false' }])(
    'says in a line that its port is taken (%j)',
    async (settings) => {
      const PORT = String(running().port);
      expect(await reasonsOf({ ...settings, PORT })).toEqual([
        `The port is taken: listen EADDRINUSE: address already in use 127.0.0.1:${PORT}`,
      ]);
      const answer = await request(running().targetFor('h1'), { path: '/health/live' });
      expect(answer.status).toBe(200);
    },
  );

  it('says in a line that its host is not here', async () => {
    expect(await reasonsOf({ HOST: '203.0.113.1' })).toEqual([
      expect.stringContaining('203.0.113.1'),
    ]);
  });
});

describe('a service with PORT=0', () => {
  it('takes a free port and names it', async () => {
    const services = await Promise.all([startService({ PORT: '0' }), startService({ PORT: '0' })]);
    expect(new Set(services.map(({ port }) => port)).size).toBe(2);
    for (const service of services) {
      expect(service.port).toBeGreaterThan(0);
      const answer = await request(service.targetFor('h1'), { path: '/health/live' });
      expect(answer.status).toBe(200);
      await service.stop();
    }
  });
});
