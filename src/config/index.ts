export { InvalidSettingsError, type SettingProblem } from './invalid-settings.error.js';
export { loadSettings } from './load-settings.js';
export { type EnvironmentVariables, readSettings } from './read-settings.js';
export { SettingsModule } from './settings.module.js';
export {
  type CompressionSettings,
  type LogFormat,
  type LogLevel,
  type LogSettings,
  type PingPongSettings,
  type PlainSettings,
  Settings,
  type WebSocketSettings,
} from './settings.js';
export type { TlsFiles } from './tls-files.js';
export type { TrustFunction, TrustProxy } from './trust-proxy.js';
