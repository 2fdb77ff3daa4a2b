import type { Channel } from './channel.js';
import { Histogram } from './histogram.js';
import type { OpenLoopJob, OpenLoopResult } from './job.js';
import { deferred } from './deferred.js';
import { measure } from './measure.js';
import { encodeMessage } from './message.js';
import { openChannels } from './open-channels.js';
import { ReplyPattern, ReplyStream, verification } from './reply-stream.js';

/** Messages on one connection that may await their reply before the server has failed. */
const MAX_OUTSTANDING = 4096;

/**
 * Sends at a fixed rate, on one connection after the other. Latency counts from when a message was
 * due, so that a server that stands still is charged for all that it keeps waiting.
 */
export async function runOpenLoop(job: OpenLoopJob): Promise<OpenLoopResult> {
  const failure = deferred<never>();
  const message = encodeMessage(job, { ...job, inFlight: 1 });
  const pattern = new ReplyPattern(message);
  const channels = await openChannels(job, job.connections, failure.reject);
  const histogram = new Histogram();
  const senders = channels.map(
    (channel) => new TimedChannel(channel, message.burst, new ReplyStream(pattern), histogram),
  );
  const schedule = new Schedule(senders, job.messagesPerSecond, failure.reject);
  verification.full = true;
  schedule.start();
  let isFirst = true;
  try {
    const throughput = await Promise.race([
      measure(job, () => {
        verification.full = false;
        if (isFirst) histogram.clear();
        isFirst = false;
        return senders.reduce((count, { replies }) => count + replies, 0);
      }),
      failure.promise,
    ]);
    return { ...throughput, latency: histogram.summary() };
  } finally {
    schedule.stop();
    for (const channel of channels) channel.destroy();
  }
}

class TimedChannel {
  replies = 0;

  private readonly due = new Float64Array(MAX_OUTSTANDING);
  private sent = 0;
  private readonly transmit: () => void;

  constructor(channel: Channel, bytes: Buffer, replies: ReplyStream, histogram: Histogram) {
    this.transmit = channel.prepare(bytes);
    channel.receive = (chunk, start, end) => {
      const complete = replies.feed(chunk, start, end);
      const now = performance.now();
      for (let index = 0; index < complete; index++) {
        histogram.add((now - this.due[this.replies++ % MAX_OUTSTANDING]) * 1000);
      }
    };
  }

  send(due: number): void {
    if (this.sent - this.replies === MAX_OUTSTANDING) {
      throw new Error('The server does not keep up with the rate');
    }
    this.due[this.sent++ % MAX_OUTSTANDING] = due;
    this.transmit();
  }
}

/** Looks at the clock in every turn of the event loop: a timer would be late by a millisecond. */
class Schedule {
  private isRunning = true;
  private next = 0;

  constructor(
    private readonly channels: readonly TimedChannel[],
    private readonly messagesPerSecond: number,
    private readonly onFailure: (error: Error) => void,
  ) {}

  start(): void {
    const begin = performance.now();
    const interval = 1000 / this.messagesPerSecond;
    const turn = (): void => {
      if (!this.isRunning) return;
      try {
        const now = performance.now();
        for (let due = begin + this.next * interval; due <= now; due += interval) {
          this.channels[this.next++ % this.channels.length].send(due);
        }
        setImmediate(turn);
      } catch (error) {
        this.onFailure(error as Error);
      }
    };
    turn();
  }

  stop(): void {
    this.isRunning = false;
  }
}
