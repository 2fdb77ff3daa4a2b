import { constants } from 'node:buffer';
import { isIP } from 'node:net';
import { z } from 'zod';
import { parseAllowedOrigins } from '../websockets/index.js';
import { parseTrustProxy } from './trust-proxy.js';
import { parseDuration, parseSize } from './units.js';

/** Longest delay that `setTimeout` keeps; a longer one would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** No message is longer than the longest string that can hold it. */
const MAX_SIZE_BYTES = constants.MAX_STRING_LENGTH;

/** A host name; one that ends in a number would be an IP address, and a wrong one. */
const HOST_NAME = /^(?!(.*\.)?\d+$)[a-z\d]([a-z\d.-]*[a-z\d])?$/i;

/**
 * Every environment variable of the service with the default it stands for, written as an operator
 * would write it. `.env.example` explains them; the issue's message says what is allowed.
 */
export const environmentSchema = z.object({
  HOST: variable('an IP address or a host name', parseHost).prefault('127.0.0.1'),
  PORT: integer(0, 65_535, 'a port, 0 (any free one) to 65535').prefault('3000'),
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  HTTP2: boolean().prefault('true'),
  TRUST_PROXY: variable(
    'true, false, a hop count or a comma list of IP addresses and CIDR blocks',
    parseTrustProxy,
  ).prefault('false'),

  WS_ALLOWED_ORIGINS: variable(
    "a comma list of 'self', '*', origins such as https://app.example.com[:port] " +
      '(no path, query or user) and wildcard hosts such as https://*.example.com',
    parseAllowedOrigins,
  ).prefault('self'),
  WS_KEEP_ALIVE_INTERVAL: duration('off').prefault('30s'),
  WS_KEEP_ALIVE_TIMEOUT: duration('never').prefault('30s'),
  WS_IDLE_TIMEOUT: duration('off').prefault('0'),
  WS_MAX_MESSAGE_SIZE: size().prefault('1mb'),
  WS_MAX_BUFFERED: size().prefault('1mb'),
  WS_SLOW_CONSUMER: oneOf('close', 'drop').prefault('close'),
  WS_MAX_CONNECTIONS: integer(
    0,
    Number.MAX_SAFE_INTEGER,
    'a number of sockets, or 0 (no cap)',
  ).prefault('0'),
  WS_HANDSHAKE_TIMEOUT: duration().prefault('10s'),
  WS_COMPRESSION: oneOf('off', 'on').prefault('off'),
  WS_COMPRESSION_THRESHOLD: size('every message').prefault('1kb'),
  WS_COMPRESSION_SERVER_MAX_WINDOW_BITS: integer(9, 15, 'a number from 9 to 15').prefault('15'),
  WS_COMPRESSION_SERVER_NO_CONTEXT_TAKEOVER: boolean().prefault('false'),

  PING_PONG_ROUNDS: integer(1, Number.MAX_SAFE_INTEGER, 'a number of rounds, at least 1').prefault(
    '10',
  ),
  PING_PONG_INTERVAL: duration('at once').prefault('1s'),
  PING_PONG_TIMEOUT: duration().prefault('5s'),

  SHUTDOWN_TIMEOUT: duration().prefault('10s'),
  LOG_LEVEL: oneOf('error', 'warn', 'info', 'debug', 'verbose').prefault('info'),
  LOG_FORMAT: oneOf('json', 'pretty').optional(),
});

/** The variables' values after parsing, still flat. */
export type Environment = z.infer<typeof environmentSchema>;

/** A variable whose text `parse` turns into a value, or into `undefined` when it cannot be. */
function variable<T>(allowed: string, parse: (text: string) => T | undefined) {
  return z.string().transform((text, context): T => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: allowed });
    return z.NEVER;
  });
}

function parseHost(text: string): string | undefined {
  return isIP(text) !== 0 || HOST_NAME.test(text) ? text : undefined;
}

function boolean() {
  return variable('true or false', (text) => {
    const lower = text.toLowerCase();
    return lower === 'true' ? true : lower === 'false' ? false : undefined;
  });
}

function oneOf<const T extends string>(...choices: readonly T[]) {
  return variable(choices.join(' or '), (text) =>
    choices.find((choice) => choice === text.toLowerCase()),
  );
}

function integer(min: number, max: number, allowed: string) {
  return variable(allowed, (text) =>
    /^\d+$/.test(text) ? within(min, Number(text), max) : undefined,
  );
}

/** @param zero what 0 means; without it 0 is refused. */
function duration(zero?: string) {
  const form = 'a duration such as 500ms, 30s, 2m or 1h (plain number: ms)';
  return variable(`${form}, ${range(zero, '1ms')} to ${MAX_DELAY_MS}ms`, (text) =>
    within(zero ? 0 : 1, parseDuration(text), MAX_DELAY_MS),
  );
}

/** @param zero what 0 means; without it 0 is refused. */
function size(zero?: string) {
  const form = 'a size such as 64kb or 1mb (plain number: bytes)';
  return variable(`${form}, ${range(zero, '1')} to ${MAX_SIZE_BYTES} bytes`, (text) =>
    within(zero ? 0 : 1, parseSize(text), MAX_SIZE_BYTES),
  );
}

function range(zero: string | undefined, least: string): string {
  return zero ? `0 (${zero})` : least;
}

function within(min: number, value: number | undefined, max: number): number | undefined {
  return value !== undefined && value >= min && value <= max ? value : undefined;
}
