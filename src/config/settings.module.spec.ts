import { Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { readSettings, Settings, SettingsModule } from './index.js';

@Injectable()
class Service {
  constructor(readonly settings: Settings) {}
}

describe('SettingsModule', () => {
  it('gives each application its own settings, by type', async () => {
    for (const port of [0, 8080]) {
      const settings = { ...readSettings({}), port };
      const module = await Test.createTestingModule({
        imports: [SettingsModule.forRoot(settings)],
        providers: [Service],
      }).compile();
      expect(module.get(Service).settings).toBe(settings);
      await module.close();
    }
  });
});
