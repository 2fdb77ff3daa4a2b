import { readFile } from 'node:fs/promises';

/** What the time is spent on. */
export type Category = 'native' | 'garbage' | 'node' | 'framework' | 'library';

/** As Node writes it. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const FRAMEWORK = /\/node_modules\/(@nestjs|rxjs|fastify|reflect-metadata|@fastify\/middie)\//;

/** Shares of the time that the process was not idle, within the last seconds of a profile. */
export async function sharesByCategory(
  file: string,
  seconds: number,
): Promise<Record<Category, number>> {
  const { nodes, samples, timeDeltas } = JSON.parse(await readFile(file, 'utf8')) as CpuProfile;
  const categories = new Map(nodes.map(({ id, callFrame }) => [id, categoryOf(callFrame)]));
  const shares: Record<Category, number> = {
    native: 0,
    garbage: 0,
    node: 0,
    framework: 0,
    library: 0,
  };
  let busy = 0;
  let elapsed = 0;
  for (let index = samples.length - 1; index >= 0 && elapsed < seconds * 1e6; index--) {
    elapsed += timeDeltas[index];
    const category = categories.get(samples[index]);
    if (category === undefined) continue;
    shares[category] += timeDeltas[index];
    busy += timeDeltas[index];
  }
  for (const category of Object.keys(shares) as Category[]) shares[category] /= busy || 1;
  return shares;
}

/** @returns undefined for idle time */
function categoryOf({
  functionName,
  url,
}: CpuProfile['nodes'][number]['callFrame']): Category | undefined {
  if (functionName === '(idle)' || functionName === '(root)') return undefined;
  if (functionName === '(garbage collector)') return 'garbage';
  if (url === '') return 'native';
  if (url.startsWith('node:')) return 'node';
  return FRAMEWORK.test(url) ? 'framework' : 'library';
}
