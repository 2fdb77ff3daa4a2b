import { ConfigurableModuleBuilder, Module } from '@nestjs/common';
import { ConnectionRegistry } from './connection/connection-registry.js';
import { HandshakeContext } from './handshake/handshake-context.js';
import {
  defaultWebSocketOptions,
  WEB_SOCKET_OPTIONS,
  type WebSocketOptions,
} from './web-socket-options.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<
  Partial<WebSocketOptions>
>()
  .setClassMethodName('forRoot')
  .setExtras({}, (definition) => ({ ...definition, global: true }))
  .build();

/** The WebSocket library of an application: `WebSocketsModule.forRoot({ ... })`, imported once. */
@Module({
  providers: [
    {
      provide: WEB_SOCKET_OPTIONS,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: (options: Partial<WebSocketOptions>): WebSocketOptions => ({
        ...defaultWebSocketOptions,
        ...options,
      }),
    },
    ConnectionRegistry,
    HandshakeContext,
  ],
  exports: [WEB_SOCKET_OPTIONS, ConnectionRegistry],
})
export class WebSocketsModule extends ConfigurableModuleClass {}
