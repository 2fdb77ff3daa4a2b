import { type DynamicModule, Module } from '@nestjs/common';
import { PingPongGateway } from './ping-pong.gateway.js';
import { PingPongOptions } from './ping-pong.options.js';

@Module({ providers: [PingPongGateway] })
export class PingPongModule {
  static forRoot(options: PingPongOptions): DynamicModule {
    return {
      module: PingPongModule,
      providers: [{ provide: PingPongOptions, useValue: options }],
    };
  }
}
