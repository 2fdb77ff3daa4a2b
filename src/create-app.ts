import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import type { Settings } from './config/index.js';
import { createLogger } from './logging/index.js';
import { servePage } from './page/serve-page.js';
import { createOnePortServer, type RequestHandler } from './server/index.js';
import { ConnectionRegistry, WebSocketAdapter } from './websockets/index.js';

/** The service, ready to listen. */
export async function createApp(settings: Settings): Promise<NestFastifyApplication> {
  const { tls, http2, trustProxy, webSocket } = settings;
  const { handshakeTimeout } = webSocket;
  const closeTimeout = (): number => app.get(ConnectionRegistry).timeLeft;
  const adapter = new FastifyAdapter({
    trustProxy,
    // The server has answered what it could not parse; Fastify would cut that answer off.
    clientErrorHandler: () => {},
    serverFactory: (handler: RequestHandler) =>
      createOnePortServer({ tls, http2, handshakeTimeout, closeTimeout }, handler),
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(settings),
    adapter,
    { logger: createLogger(settings.log), abortOnError: false },
  );
  app.useWebSocketAdapter(new WebSocketAdapter(app));
  await servePage(app);
  return app;
}
