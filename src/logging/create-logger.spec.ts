import { mock } from 'node:test';
import type { LogLevel } from '../config/index.js';
import { createLogger } from './index.js';

describe('createLogger', () => {
  let written: Record<'stdout' | 'stderr', string>;

  beforeEach(() => {
    written = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      mock.method(process[stream], 'write', (text: string) => {
        written[stream] += text;
        return true;
      });
    }
  });

  afterEach(() => {
    mock.restoreAll();
  });

  it.each<[LogLevel, string]>([
    ['error', 'fatal error'],
    ['warn', 'fatal error warn'],
    ['info', 'fatal error warn log'],
    ['debug', 'fatal error warn log debug'],
    ['verbose', 'fatal error warn log debug verbose'],
  ])('with LOG_LEVEL %s writes %s', (level, expected) => {
    const logger = createLogger({ level, format: 'json' });
    const all = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'] as const;
    const enabled = all.filter((each) => logger.isLevelEnabled(each));
    expect(enabled.join(' ')).toBe(expected);
  });

  it('writes JSON, a line for each event, without colours', () => {
    const logger = createLogger({ level: 'info', format: 'json' });
    logger.log('two\nlines', 'Context');
    logger.debug('unseen');
    expect(written.stdout.split('\n')).toHaveLength(2);
    expect(JSON.parse(written.stdout)).toMatchObject({
      level: 'log',
      context: 'Context',
      message: 'two\nlines',
      pid: process.pid,
    });
  });

  it('writes errors to standard error', () => {
    createLogger({ level: 'info', format: 'json' }).error('broken', undefined, 'Context');
    expect(written.stdout).toBe('');
    expect(JSON.parse(written.stderr)).toMatchObject({ level: 'error', message: 'broken' });
  });

  it('writes lines for people, coloured on a terminal only', () => {
    const wasTerminal = process.stdout.isTTY;
    try {
      for (const isTerminal of [false, true]) {
        written.stdout = '';
        process.stdout.isTTY = isTerminal;
        createLogger({ level: 'info', format: 'pretty' }).log('hello', 'Context');
        expect(written.stdout).toMatch(/Wren.*LOG.*Context.*hello/);
        expect(written.stdout.includes('\u001b[')).toBe(isTerminal && !process.env.NO_COLOR);
      }
    } finally {
      process.stdout.isTTY = wasTerminal;
    }
  });
});
