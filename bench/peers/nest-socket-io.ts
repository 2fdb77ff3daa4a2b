import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';

// Socket.IO under Nest, over WebSocket only, with bufferutil.

@WebSocketGateway({ transports: ['websocket'], maxHttpBufferSize: 2 * 1024 * 1024 })
class EchoGateway {
  @SubscribeMessage('echo')
  echo(@MessageBody() data: unknown): { event: string; data: unknown } {
    return { event: 'echo', data };
  }
}

@Module({ providers: [EchoGateway] })
class EchoModule {}

const app = await NestFactory.create<NestFastifyApplication>(EchoModule, new FastifyAdapter(), {
  logger: ['error'],
});
app.useWebSocketAdapter(new IoAdapter(app));
await app.listen(0, '127.0.0.1');
console.log(`Listening on ${await app.getUrl()}`);
