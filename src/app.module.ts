import { type DynamicModule, Module } from '@nestjs/common';
import { type Settings, SettingsModule } from './config/index.js';
import { ConnectModule } from './connect/connect.module.js';
import { EchoModule } from './gateways/echo/echo.module.js';
import { PingPongModule } from './gateways/ping-pong/ping-pong.module.js';
import { HealthModule } from './health/index.js';
import { SocketStatusOfRegistry } from './socket-status-of-registry.js';
import { ConnectionRegistry, WebSocketsModule } from './websockets/index.js';

/** What the service is made of. */
@Module({})
export class AppModule {
  static forRoot(settings: Settings): DynamicModule {
    const { webSocket, shutdownTimeout, pingPong } = settings;
    return {
      module: AppModule,
      imports: [
        SettingsModule.forRoot(settings),
        WebSocketsModule.forRoot({ ...webSocket, shutdownTimeout }),
        EchoModule,
        PingPongModule.forRoot(pingPong),
        ConnectModule,
        HealthModule.forRoot({
          inject: [ConnectionRegistry],
          useFactory: (registry: ConnectionRegistry) => new SocketStatusOfRegistry(registry),
        }),
      ],
    };
  }
}
