import {
  type DynamicModule,
  type FactoryProvider,
  Module,
  type ModuleMetadata,
} from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { EventLoopIndicator } from './event-loop.indicator.js';
import { HealthController } from './health.controller.js';
import { HeapIndicator } from './heap.indicator.js';
import { SocketStatus } from './socket-status.js';
import { SocketsIndicator } from './sockets.indicator.js';

/** Where the module gets its {@link SocketStatus} from, as in any Nest factory provider. */
export interface HealthModuleOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: FactoryProvider<SocketStatus>['useFactory'];
}

/** `GET /health`, `/health/live` and `/health/ready`. */
@Module({})
export class HealthModule {
  /**
   * ```ts
   * HealthModule.forRoot({
   *   imports: [WebSocketModule],
   *   inject: [SocketRegistry],
   *   useFactory: (registry: SocketRegistry): SocketStatus => registry,
   * })
   * ```
   */
  static forRoot({ imports = [], inject, useFactory }: HealthModuleOptions): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule, ...imports],
      controllers: [HealthController],
      providers: [
        { provide: SocketStatus, inject, useFactory },
        EventLoopIndicator,
        HeapIndicator,
        SocketsIndicator,
      ],
    };
  }
}
