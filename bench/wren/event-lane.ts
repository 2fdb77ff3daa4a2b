import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { createOnePortServer, type RequestHandler } from '../../src/server/index.js';
import {
  type GatewayOptions,
  OriginGuard,
  UseHandshakeGuards,
  WebSocketAdapter,
  WebSocketsModule,
} from '../../src/websockets/index.js';

// The library in an application of somebody else: the handler of the stock Nest peer, and all
// that the service has on by default.

@UseHandshakeGuards(OriginGuard)
@WebSocketGateway<GatewayOptions>({ path: '/ws' })
class EchoGateway {
  @SubscribeMessage('echo')
  echo(@MessageBody() data: unknown): { event: string; data: unknown } {
    return { event: 'echo', data };
  }
}

@Module({ imports: [WebSocketsModule.forRoot({})], providers: [EchoGateway] })
class EchoModule {}

const serverFactory = (handler: RequestHandler) => createOnePortServer({}, handler);
const app = await NestFactory.create<NestFastifyApplication>(
  EchoModule,
  new FastifyAdapter({ serverFactory }),
  { logger: ['error'] },
);
app.useWebSocketAdapter(new WebSocketAdapter(app));
await app.listen(0, '127.0.0.1');
console.log(`Listening on ${await app.getUrl()}`);
