import { type DynamicModule, Module } from '@nestjs/common';
import { Settings } from './settings.js';

/**
 * Lets every provider inject {@link Settings}.
 *
 * It is handed the settings and never reads them: a process reads them once (`loadSettings()`), and a
 * test makes as many applications as it likes, each from its own object:
 *
 * ```ts
 * SettingsModule.forRoot({ ...readSettings({}), port: 0 })
 * ```
 */
@Module({})
export class SettingsModule {
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: SettingsModule,
      global: true,
      providers: [{ provide: Settings, useValue: settings }],
      exports: [Settings],
    };
  }
}
