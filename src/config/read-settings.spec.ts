import { InvalidSettingsError, readSettings, type Settings } from './index.js';

/** The lines of the message with which these variables are refused. */
function refusal(variables: Record<string, string>): string[] {
  try {
    readSettings(variables);
  } catch (error) {
    if (error instanceof InvalidSettingsError) return error.message.split('\n');
    throw error;
  }
  throw new Error('The variables were accepted');
}

describe('readSettings', () => {
  it('has a default for every variable', () => {
    expect(readSettings({}, false)).toEqual<Settings>({
      host: '127.0.0.1',
      port: 3000,
      tls: undefined,
      http2: true,
      trustProxy: false,
      log: { level: 'info', format: 'json' },
      shutdownTimeout: 10_000,
      webSocket: {
        allowedOrigins: ['self'],
        keepAliveInterval: 30_000,
        keepAliveTimeout: 30_000,
        idleTimeout: 0,
        maxMessageSize: 1_048_576,
        maxBuffered: 1_048_576,
        slowConsumer: 'close',
        maxConnections: 0,
        handshakeTimeout: 10_000,
        compression: false,
      },
      pingPong: { rounds: 10, interval: 1000, timeout: 5000 },
    });
  });

  it('reads every variable', () => {
    const settings = readSettings({
      HOST: '::',
      PORT: '0',
      HTTP2: 'FALSE',
      TRUST_PROXY: '10.0.0.0/8',
      LOG_LEVEL: 'Debug',
      LOG_FORMAT: 'pretty',
      SHUTDOWN_TIMEOUT: '25s',
      WS_ALLOWED_ORIGINS: 'self,https://*.example.com',
      WS_KEEP_ALIVE_INTERVAL: '0',
      WS_KEEP_ALIVE_TIMEOUT: '15s',
      WS_IDLE_TIMEOUT: '5m',
      WS_MAX_MESSAGE_SIZE: '64kb',
      WS_MAX_BUFFERED: '2mb',
      WS_SLOW_CONSUMER: 'drop',
      WS_MAX_CONNECTIONS: '1000',
      WS_HANDSHAKE_TIMEOUT: '500ms',
      WS_COMPRESSION: 'on',
      WS_COMPRESSION_THRESHOLD: '0',
      WS_COMPRESSION_SERVER_MAX_WINDOW_BITS: '9',
      WS_COMPRESSION_SERVER_NO_CONTEXT_TAKEOVER: 'true',
      PING_PONG_ROUNDS: '3',
      PING_PONG_INTERVAL: '0',
      PING_PONG_TIMEOUT: '100',
    });
    expect(settings).toEqual<Settings>({
      host: '::',
      port: 0,
      tls: undefined,
      http2: false,
      trustProxy: '10.0.0.0/8',
      log: { level: 'debug', format: 'pretty' },
      shutdownTimeout: 25_000,
      webSocket: {
        allowedOrigins: ['self', 'https://*.example.com'],
        keepAliveInterval: 0,
        keepAliveTimeout: 15_000,
        idleTimeout: 300_000,
        maxMessageSize: 65_536,
        maxBuffered: 2_097_152,
        slowConsumer: 'drop',
        maxConnections: 1000,
        handshakeTimeout: 500,
        compression: { threshold: 0, serverMaxWindowBits: 9, serverNoContextTakeover: true },
      },
      pingPong: { rounds: 3, interval: 0, timeout: 100 },
    });
  });

  it('writes for people when they read the log', () => {
    expect(readSettings({}, true).log.format).toBe('pretty');
    expect(readSettings({ LOG_FORMAT: 'json' }, true).log.format).toBe('json');
  });

  it('takes an empty variable for one that is not set, and ignores those of others', () => {
    const variables = { PORT: '', TLS_CERT_FILE: '', LOG_FORMAT: '', PATH: '/bin', WS_PORT: 'x' };
    expect(readSettings(variables, false)).toEqual(readSettings({}, false));
  });

  it('names every bad variable, one to a line: name, value, what is allowed', () => {
    expect(
      refusal({
        PORT: '70000',
        HTTP2: 'yes',
        LOG_LEVEL: 'loud',
        WS_KEEP_ALIVE_INTERVAL: '30 s',
        WS_MAX_MESSAGE_SIZE: '0',
      }),
    ).toEqual([
      'PORT="70000": must be a port, 0 (any free one) to 65535',
      'HTTP2="yes": must be true or false',
      'WS_KEEP_ALIVE_INTERVAL="30 s": must be a duration such as 500ms, 30s, 2m or 1h ' +
        '(plain number: ms), 0 (off) to 2147483647ms',
      'WS_MAX_MESSAGE_SIZE="0": must be a size such as 64kb or 1mb (plain number: bytes), ' +
        '1 to 536870888 bytes',
      'LOG_LEVEL="loud": must be error or warn or info or debug or verbose',
    ]);
  });

  it.each([
    ['HOST', 'http://localhost'],
    ['HOST', 'localhost:3000'],
    ['HOST', '[::1]'],
    ['HOST', '256.0.0.1'],
    ['PORT', '-1'],
    ['PORT', '3000.5'],
    ['PORT', '0x50'],
    ['HTTP2', '1'],
    ['TRUST_PROXY', 'nginx'],
    ['WS_ALLOWED_ORIGINS', 'https://app.example.com/'],
    ['WS_KEEP_ALIVE_INTERVAL', '2147483648'],
    ['WS_KEEP_ALIVE_TIMEOUT', '-1s'],
    ['WS_IDLE_TIMEOUT', '597h'],
    ['WS_MAX_MESSAGE_SIZE', '1gb'],
    ['WS_MAX_BUFFERED', '0'],
    ['WS_SLOW_CONSUMER', 'pause'],
    ['WS_MAX_CONNECTIONS', '1e3'],
    ['WS_HANDSHAKE_TIMEOUT', '0'],
    ['WS_COMPRESSION', 'true'],
    ['WS_COMPRESSION_THRESHOLD', 'kb'],
    ['WS_COMPRESSION_SERVER_MAX_WINDOW_BITS', '8'],
    ['WS_COMPRESSION_SERVER_MAX_WINDOW_BITS', '16'],
    ['WS_COMPRESSION_SERVER_NO_CONTEXT_TAKEOVER', 'on'],
    ['PING_PONG_ROUNDS', '0'],
    ['PING_PONG_INTERVAL', 'soon'],
    ['PING_PONG_TIMEOUT', '0'],
    ['SHUTDOWN_TIMEOUT', '0'],
    ['LOG_LEVEL', 'silent'],
    ['LOG_FORMAT', 'xml'],
  ])('refuses %s=%s', (variable, value) => {
    const lines = refusal({ [variable]: value });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`${variable}=${JSON.stringify(value)}: must be `);
  });

  it('keeps a value that spans lines or never ends to one short line', () => {
    const [line, ...rest] = refusal({ HOST: `a\nb${'c'.repeat(5000)}` });
    expect(rest).toEqual([]);
    expect(line.length).toBeLessThan(200);
  });
});
