import { clientFrame, Opcode } from './frame.js';
import { openH1Channel } from './h1-channel.js';
import type { HandshakeJob, Throughput } from './job.js';
import { deferred } from './deferred.js';
import { measure } from './measure.js';

const NORMAL_CLOSURE = clientFrame(Opcode.Close, Buffer.from([0x03, 0xe8]));

/** Connect, upgrade, close handshake, end of the connection; then again. */
export async function runHandshakes(job: HandshakeJob): Promise<Throughput> {
  const progress = { count: 0, isRunning: true };
  const loops = Array.from({ length: job.concurrent }, async () => {
    while (progress.isRunning) {
      await openAndClose(job);
      progress.count += 1;
    }
  });
  try {
    const failure = Promise.all(loops).then(() => {
      throw new Error('The handshakes have ended too early');
    });
    failure.catch(() => {});
    return await Promise.race([measure(job, () => progress.count), failure]);
  } finally {
    progress.isRunning = false;
    await Promise.allSettled(loops);
  }
}

async function openAndClose(job: HandshakeJob): Promise<void> {
  const closed = deferred<void>();
  let isOpen = false;
  const channel = await openH1Channel(job, {
    onFailure: (error) => (isOpen ? closed.resolve() : closed.reject(error)),
  });
  isOpen = true;
  channel.receive = (chunk, start) => {
    if ((chunk[start] & 0x0f) !== Opcode.Close)
      closed.reject(new Error('No Close frame came back'));
  };
  channel.prepare(NORMAL_CLOSURE)();
  await closed.promise;
}
