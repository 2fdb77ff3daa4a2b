import type { Options, Part } from '../options.js';
import { measureCompression } from './compression.js';
import { measureHandshakes } from './handshakes.js';
import { measureIdleCost } from './idle.js';
import { measureLatency } from './latency.js';
import { measureMemory } from './memory.js';
import { measureProfiles } from './profile.js';
import type { Section } from './section.js';
import type { Session } from './session.js';
import { measureThroughput } from './throughput.js';

/** Measures one part after the other; one that fails as a whole does not keep the others from it. */
export async function measureParts(
  session: Session,
  { parts, cells }: Pick<Options, 'parts' | 'cells'>,
): Promise<Section[]> {
  const measurements: Record<Part, () => Promise<Section | Section[]>> = {
    throughput: () => measureThroughput(session, cells),
    idle: () => measureIdleCost(session),
    memory: () => measureMemory(session),
    handshakes: () => measureHandshakes(session),
    latency: () => measureLatency(session),
    compression: () => measureCompression(session),
    profile: () => measureProfiles(session),
  };
  const sections: Section[] = [];
  for (const part of parts) {
    try {
      sections.push(...[await measurements[part]()].flat());
    } catch (error) {
      session.progress.fail(part, error as Error);
    }
  }
  session.progress.done();
  return sections;
}
