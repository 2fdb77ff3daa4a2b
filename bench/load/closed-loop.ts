import type { Channel } from './channel.js';
import { CompressedReplies } from './compressed-replies.js';
import type { ClosedLoopJob, Throughput } from './job.js';
import { compressedBurst, compressiblePayload, encodeMessage } from './message.js';
import { deferred } from './deferred.js';
import { measure } from './measure.js';
import { openChannels } from './open-channels.js';
import { ReplyPattern, ReplyStream, verification } from './reply-stream.js';

/** Counts the replies in what comes for one channel. */
interface Replies {
  feed(chunk: Buffer, start: number, end: number): number;
}

/**
 * Keeps every connection busy with bursts. The replies of the warm-up are compared byte by byte,
 * later ones by their headers.
 */
export async function runClosedLoop(job: ClosedLoopJob): Promise<Throughput> {
  const failure = deferred<never>();
  const { burst, repliesFor } = prepare(job);
  const channels = await openChannels(job, job.connections, failure.reject, job.compression);
  const progress = { count: 0 };
  verification.full = true;
  for (const channel of channels) {
    keepBusy(channel, burst, repliesFor(channel), job.inFlight, progress);
  }
  try {
    return await Promise.race([
      measure(job, () => {
        verification.full = false;
        return progress.count;
      }),
      failure.promise,
    ]);
  } finally {
    for (const channel of channels) channel.destroy();
  }
}

function keepBusy(
  channel: Channel,
  burst: Buffer,
  replies: Replies,
  inFlight: number,
  progress: { count: number },
): void {
  const sendBurst = channel.prepare(burst);
  let outstanding = inFlight;
  channel.receive = (chunk, start, end) => {
    const complete = replies.feed(chunk, start, end);
    if (complete === 0) return;
    progress.count += complete;
    outstanding -= complete;
    if (outstanding > 0) return;
    if (outstanding < 0) throw new Error('More replies than messages');
    outstanding = inFlight;
    sendBurst();
  };
  sendBurst();
}

function prepare(job: ClosedLoopJob): {
  burst: Buffer;
  repliesFor: (channel: Channel) => Replies;
} {
  const { compression, payloadBytes, inFlight } = job;
  if (compression !== undefined) {
    const payload = compressiblePayload(payloadBytes);
    return {
      burst: compressedBurst(payload, inFlight),
      repliesFor: () => new CompressedReplies(payload),
    };
  }
  const message = encodeMessage(job, job);
  const pattern = new ReplyPattern(message);
  return { burst: message.burst, repliesFor: () => new ReplyStream(pattern) };
}
