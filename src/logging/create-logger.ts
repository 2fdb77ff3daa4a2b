import { ConsoleLogger, type LogLevel as NestLogLevel } from '@nestjs/common';
import type { LogLevel, LogSettings } from '../config/index.js';

/**
 * The levels that Nest writes for each `LOG_LEVEL`: that one and all that are more severe. `info` is
 * what Nest calls `log`; its `fatal` cannot be switched off.
 */
const LEVELS: Readonly<Record<LogLevel, readonly NestLogLevel[]>> = {
  error: ['fatal', 'error'],
  warn: ['fatal', 'error', 'warn'],
  info: ['fatal', 'error', 'warn', 'log'],
  debug: ['fatal', 'error', 'warn', 'log', 'debug'],
  verbose: ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'],
};

/**
 * The application's logger: errors to standard error, the rest to standard output.
 *
 * @param settings `json` writes one object per line (`level`, `pid`, `timestamp` in ms, `context`,
 *   `message`); `pretty` lines for people, coloured on a terminal unless `NO_COLOR` is set.
 */
export function createLogger({ level, format }: LogSettings): ConsoleLogger {
  const json = format === 'json';
  return new ConsoleLogger({
    prefix: 'Wren',
    logLevels: [...LEVELS[level]],
    json,
    // left to Nest on a terminal, which honours NO_COLOR
    colors: json || !process.stdout.isTTY ? false : undefined,
  });
}
