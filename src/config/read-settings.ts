import { type Environment, environmentSchema } from './environment.schema.js';
import { InvalidSettingsError, type SettingProblem } from './invalid-settings.error.js';
import type { CompressionSettings, PlainSettings } from './settings.js';
import { readTlsFiles, type TlsFiles } from './tls-files.js';

/** Names and values as `process.env` holds them. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/**
 * Turns environment variables into settings. A variable that is empty counts as not set; those that
 * the service does not know are ignored.
 *
 * @param isTerminal whether people read the log: decides `LOG_FORMAT` when it is not set.
 * @throws {InvalidSettingsError} naming every variable that is wrong, not just the first.
 */
export function readSettings(
  variables: EnvironmentVariables,
  isTerminal = process.stdout.isTTY,
): PlainSettings {
  const given = withoutEmpty(variables);
  const problems: SettingProblem[] = [];
  const parsed = environmentSchema.safeParse(given);
  for (const { path, message } of parsed.error?.issues ?? []) {
    const variable = String(path[0]);
    problems.push({ variable, value: given[variable], allowed: message });
  }
  const tls = readTlsFiles({ cert: given.TLS_CERT_FILE, key: given.TLS_KEY_FILE }, (problem) =>
    problems.push(problem),
  );
  if (!parsed.success || problems.length > 0) throw new InvalidSettingsError(problems);
  return toSettings(parsed.data, tls, isTerminal);
}

function withoutEmpty(variables: EnvironmentVariables): EnvironmentVariables {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
}

function toSettings(
  environment: Environment,
  tls: TlsFiles | undefined,
  isTerminal: boolean,
): PlainSettings {
  return {
    host: environment.HOST,
    port: environment.PORT,
    tls,
    http2: environment.HTTP2,
    trustProxy: environment.TRUST_PROXY,
    log: {
      level: environment.LOG_LEVEL,
      format: environment.LOG_FORMAT ?? (isTerminal ? 'pretty' : 'json'),
    },
    shutdownTimeout: environment.SHUTDOWN_TIMEOUT,
    webSocket: {
      allowedOrigins: environment.WS_ALLOWED_ORIGINS,
      keepAliveInterval: environment.WS_KEEP_ALIVE_INTERVAL,
      keepAliveTimeout: environment.WS_KEEP_ALIVE_TIMEOUT,
      idleTimeout: environment.WS_IDLE_TIMEOUT,
      maxMessageSize: environment.WS_MAX_MESSAGE_SIZE,
      maxBuffered: environment.WS_MAX_BUFFERED,
      slowConsumer: environment.WS_SLOW_CONSUMER,
      maxConnections: environment.WS_MAX_CONNECTIONS,
      handshakeTimeout: environment.WS_HANDSHAKE_TIMEOUT,
      compression: environment.WS_COMPRESSION === 'on' && toCompression(environment),
    },
    pingPong: {
      rounds: environment.PING_PONG_ROUNDS,
      interval: environment.PING_PONG_INTERVAL,
      timeout: environment.PING_PONG_TIMEOUT,
    },
  };
}

function toCompression(environment: Environment): CompressionSettings {
  return {
    threshold: environment.WS_COMPRESSION_THRESHOLD,
    serverMaxWindowBits: environment.WS_COMPRESSION_SERVER_MAX_WINDOW_BITS,
    serverNoContextTakeover: environment.WS_COMPRESSION_SERVER_NO_CONTEXT_TAKEOVER,
  };
}
