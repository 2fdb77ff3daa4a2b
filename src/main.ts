import { Logger } from '@nestjs/common';
import { InvalidSettingsError, loadSettings, type Settings } from './config/index.js';
import { createApp } from './create-app.js';
import { createLogger } from './logging/index.js';

/** Starts the service; a start that fails ends the process with exit code 1 and says why. */
async function main(): Promise<void> {
  const settings = await loadSettings();
  const app = await createApp(settings);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  await app.init();
  // Nest logs it, too, when it cannot listen: `explain` says it better.
  app.useLogger(false);
  await app.listen(settings.port, settings.host);
  app.useLogger(createLogger(settings.log));
  const origin = await app.getUrl();
  const logger = new Logger('Wren');
  logger.log(`Listening on ${origin}`);
  for (const line of signposts(origin, settings)) logger.log(line);
}

function signposts(origin: string, { tls }: Settings): string[] {
  const webSocketOrigin = origin.replace(/^http/, 'ws');
  return [
    `Page       ${origin}/`,
    `Echo       ${webSocketOrigin}/ws`,
    `Ping-pong  ${webSocketOrigin}/ping-pong`,
    `Connect    ${webSocketOrigin}/connect`,
    `Health     ${origin}/health`,
    tls ? 'HTTP/1.1 and HTTP/2 by ALPN' : 'HTTP/1.1, and HTTP/2 with prior knowledge',
  ];
}

function explain(error: unknown): string {
  if (error instanceof InvalidSettingsError) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'EADDRINUSE') return `The port is taken: ${message}`;
  if (code === 'EADDRNOTAVAIL' || code === 'EACCES') return `Cannot listen: ${message}`;
  return error instanceof Error ? (error.stack ?? message) : message;
}

try {
  await main();
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
