import {
  type Service,
  type ServicePair,
  type Settings,
  startPair,
  startService,
} from './service.js';

/** Settings, or what makes them when the suite starts. */
export type SettingsSource = Settings | (() => Settings | Promise<Settings>);

const HOOK_DEADLINE_MS = 60_000;

/** One service for the enclosing `describe`: started before it, stopped after it. */
export function useService(source: SettingsSource = {}): () => Service {
  return useStarted(source, startService);
}

/** A plain and a TLS service for the enclosing `describe`: started before it, stopped after it. */
export function usePair(source: SettingsSource = {}): () => ServicePair {
  return useStarted(source, startPair);
}

function useStarted<T extends { stop(): Promise<unknown> }>(
  source: SettingsSource,
  start: (settings: Settings) => Promise<T>,
): () => T {
  let started: T | undefined;
  beforeAll(async () => {
    started = await start(typeof source === 'function' ? await source() : source);
  }, HOOK_DEADLINE_MS);
  afterAll(async () => {
    await started?.stop();
  }, HOOK_DEADLINE_MS);
  return () => {
    if (!started) throw new Error('the service is there inside of tests and hooks only');
    return started;
  };
}
