import type { Channel } from './channel.js';
import { Opcode, pongsFor } from './frame.js';
import type { HoldJob, TouchJob } from './job.js';
import { compressedBurst, compressiblePayload, encodeMessage } from './message.js';
import { openChannels } from './open-channels.js';

/** How many sockets are used at once, so that no server has to queue. */
const BATCH = 100;

/** Sockets that are open and do nothing but answer Pings. */
export class HeldChannels {
  private job: HoldJob | undefined;
  private channels: Channel[] = [];
  private failure: Error | undefined;

  async open(job: HoldJob): Promise<void> {
    const onFailure = (error: Error): void => {
      this.failure ??= error;
    };
    this.job = job;
    this.channels = await openChannels(job, job.sockets, onFailure, job.compression);
    for (const channel of this.channels) answerPings(channel);
  }

  /** One message on each, and its echo. */
  async touch({ payloadBytes }: TouchJob): Promise<void> {
    const message = messageFor(this.job!, payloadBytes);
    for (let at = 0; at < this.channels.length; at += BATCH) {
      const batch = this.channels.slice(at, at + BATCH);
      await Promise.all(batch.map((channel) => awaitReply(channel, message)));
    }
    for (const channel of this.channels) answerPings(channel);
  }

  /** @throws what went wrong meanwhile */
  release(): void {
    for (const channel of this.channels) channel.destroy();
    this.channels = [];
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
  }
}

function messageFor(job: HoldJob, payloadBytes: number): Buffer {
  if (job.compression !== undefined) return compressedBurst(compressiblePayload(payloadBytes), 1);
  return encodeMessage(job, { payloadBytes, connections: 1, inFlight: 1 }).burst;
}

function answerPings(channel: Channel): void {
  channel.receive = (chunk, start, end) => {
    for (const pong of pongsFor(chunk.subarray(start, end))) channel.prepare(pong)();
  };
}

/** A reply is shorter than a packet: with its first byte, all of it has come. */
function awaitReply(channel: Channel, message: Buffer): Promise<void> {
  return new Promise((resolve) => {
    channel.receive = (chunk, start) => {
      const opcode = chunk[start] & 0x0f;
      if (opcode === Opcode.Text || opcode === Opcode.Binary) resolve();
    };
    channel.prepare(message)();
  });
}
