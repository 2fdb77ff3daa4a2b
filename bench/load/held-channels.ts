import type { Channel } from './channel.js';
import { clientFrame, Opcode, pongsFor } from './frame.js';
import type { HoldJob, TouchJob } from './job.js';
import { openChannels } from './open-channels.js';

/** Sockets that are open and do nothing but answer Pings. */
export class HeldChannels {
  private channels: Channel[] = [];
  private failure: Error | undefined;

  async open(job: HoldJob): Promise<void> {
    const onFailure = (error: Error): void => {
      this.failure ??= error;
    };
    this.channels = await openChannels(job, job.sockets, onFailure, job.compression);
    for (const channel of this.channels) answerPings(channel);
  }

  /** One message on each, a hundred at a time, so that no server has to queue. */
  async touch({ payloadBytes }: TouchJob): Promise<void> {
    const message = clientFrame(Opcode.Text, Buffer.alloc(payloadBytes, 'a'));
    const BATCH = 100;
    for (let at = 0; at < this.channels.length; at += BATCH) {
      const batch = this.channels.slice(at, at + BATCH);
      await Promise.all(batch.map((channel) => awaitReply(channel, message)));
    }
    for (const channel of this.channels) answerPings(channel);
  }

  release(): void {
    for (const channel of this.channels) channel.destroy();
    this.channels = [];
    if (this.failure !== undefined) throw this.failure;
  }
}

function answerPings(channel: Channel): void {
  channel.receive = (chunk, start, end) => {
    for (const pong of pongsFor(chunk.subarray(start, end))) channel.prepare(pong)();
  };
}

/** Replies are shorter than a packet; what a server answers at all is its echo. */
function awaitReply(channel: Channel, message: Buffer): Promise<void> {
  return new Promise((resolve) => {
    channel.receive = (chunk, start) => {
      if ((chunk[start] & 0x0f) === Opcode.Text) resolve();
    };
    channel.prepare(message)();
  });
}
