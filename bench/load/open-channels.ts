import type { Channel, ChannelOptions } from './channel.js';
import { openH1Channel } from './h1-channel.js';
import { H2Session } from './h2-session.js';
import type { Compression, Target } from './job.js';

/** How many HTTP/1.1 handshakes are under way at once. */
const CONCURRENT_HANDSHAKES = 64;

/** No server of ours takes fewer streams on a connection. */
const STREAMS_PER_CONNECTION = 1_000;

const OFFERS: Record<Compression, string> = {
  'context-takeover': 'permessage-deflate',
  'no-context-takeover':
    'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
};

export async function openChannels(
  target: Target,
  count: number,
  onFailure: (error: Error) => void,
  compression?: Compression,
): Promise<Channel[]> {
  const options = { onFailure, extensions: compression && OFFERS[compression] };
  const channels =
    target.transport === 'h2'
      ? await openStreams(target, count, options)
      : await openConnections(target, count, options);
  if (compression !== undefined && !channels[0].extensions.startsWith('permessage-deflate')) {
    for (const channel of channels) channel.destroy();
    throw new Error('The server does not compress');
  }
  return channels;
}

async function openConnections(
  target: Target,
  count: number,
  options: ChannelOptions,
): Promise<Channel[]> {
  const channels: Channel[] = [];
  let left = count;
  const openNext = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      channels.push(await openH1Channel(target, options));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_HANDSHAKES }, openNext));
  return channels;
}

async function openStreams(
  target: Target,
  count: number,
  options: ChannelOptions,
): Promise<Channel[]> {
  const channels: Channel[] = [];
  while (channels.length < count) {
    const session = await H2Session.open(target, options);
    const streams = Math.min(STREAMS_PER_CONNECTION, count - channels.length);
    channels.push(
      ...(await Promise.all(Array.from({ length: streams }, () => session.openChannel()))),
    );
  }
  return channels;
}
