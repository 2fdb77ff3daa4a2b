import { fileURLToPath } from 'node:url';
import { eventually } from '../apps/eventually.js';
import { expectEcho } from '../apps/faults-sockets.js';
import { noSocketIsOpen } from '../apps/open-sockets.js';
import { connect } from '../support/raw-client.js';
import type { Service, ServicePair, Settings } from '../support/service.js';
import { isTls, type Target, type TransportName } from '../support/transports.js';
import { usePair } from '../support/use-service.js';

const PROBE = fileURLToPath(new URL('./memory-probe.mjs', import.meta.url));

const MIB = 1024 * 1024;

/**
 * What may be on the heap after a fault that was not there before: code that was compiled, inline
 * caches, lists of free parsers and the like, none of which grows with further rounds. A leak of a
 * connection (some KiB) shows, for every fault is brought about a few hundred times.
 */
const HEAP_SLACK = 3 * MIB;

/** The same for buffers: the slab, Node's pools, and what zlib or TLS keep for the next one. */
const BUFFER_SLACK = 3 * MIB;

/** What the process held when its garbage was collected. */
export interface Memory {
  readonly heapUsed: number;
  readonly arrayBuffers: number;
  readonly rss: number;
  /** How many of each kind, such as `TCPSocketWrap`. */
  readonly handles: Readonly<Record<string, number>>;
}

/** A plain and a TLS service that tell about their memory, for the enclosing `describe`. */
export function useObservedPair(settings: Settings = {}): () => ServicePair {
  return usePair({ NODE_OPTIONS: `--import=${PROBE}`, ...settings });
}

const probes = new WeakMap<Service, number>();

export async function memoryOf(service: Service): Promise<Memory> {
  const probe = (probes.get(service) ?? 0) + 1;
  probes.set(service, probe);
  service.kill('SIGUSR2');
  const line = await service.waitForLog((one) => one.probe === probe, `memory probe ${probe}`);
  return line as unknown as Memory;
}

/** The service echoes on every lane, and no socket but these was left over. */
export async function expectServing(target: Target): Promise<void> {
  for (const path of ['/ws', '/connect']) {
    const socket = await connect(target, path);
    await expectEcho(socket);
    socket.close(1000);
    await socket.ended();
  }
  await noSocketIsOpen(target);
}

/**
 * Brings a fault about twice, the first time to get everything warm, and expects that after it the
 * service is what it was before: it serves, no socket is open, and it holds no more than then.
 */
export async function expectRecovery(
  services: ServicePair,
  transport: TransportName,
  fault: (target: Target) => Promise<void>,
): Promise<void> {
  const target = services.targetFor(transport);
  const service = services.serviceFor(transport);
  await fault(target);
  await expectServing(target);
  const before = await memoryOf(service);
  await fault(target);
  await expectServing(target);
  let after = await memoryOf(service);
  await eventually('connections to be closed', async () => {
    after = await memoryOf(service);
    return socketsIn(after) <= socketsIn(before) + 1;
  });
  expect(after.heapUsed - before.heapUsed).toBeLessThan(HEAP_SLACK);
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(BUFFER_SLACK);
  expect(errorsOf(service)).toEqual([]);
}

/** One connection of the test itself may be on its way out. */
const socketsIn = ({ handles }: Memory): number => handles.TCPSocketWrap ?? 0;

/** Lines that say that something went wrong inside of the service. */
export const errorsOf = ({ log }: Service) =>
  log.filter(({ level }) => level === 'error' || level === 'fatal');

/** Runs so many, a few at a time. */
export async function times(
  count: number,
  run: (index: number) => Promise<unknown>,
  atOnce = 20,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** TLS costs much more for each connection. */
export const fewerOverTls = (transport: TransportName, count: number): number =>
  isTls(transport) ? Math.ceil(count / 4) : count;
