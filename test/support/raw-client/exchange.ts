import type { Socket } from 'node:net';
import { within } from '../deadline.js';
import type { Target } from '../transports.js';
import { dial } from './dial.js';

/** All that a server sent before it ended the connection. */
export interface Exchange {
  readonly bytes: Buffer;
  readonly text: string;
  readonly how: 'fin' | 'reset';
}

export interface ExchangeOptions {
  /** End this side behind the last bytes. */
  readonly halfClose?: boolean;
  /** Default: the plain port. */
  readonly transport?: Target['transport'];
  readonly timeoutMs?: number;
}

/**
 * Writes `bytes`, every element of a list in a segment of its own, and collects what comes until
 * the server ends the connection.
 */
export async function exchange(
  port: number,
  bytes: Uint8Array | string | readonly (Uint8Array | string)[],
  { halfClose = false, transport = 'h1', timeoutMs }: ExchangeOptions = {},
): Promise<Exchange> {
  const { stream, ended } = await dial({ transport, port });
  const received: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => received.push(chunk));
  try {
    const written = writeAll(stream, Array.isArray(bytes) ? bytes : [bytes], halfClose);
    const how = await within(ended, 'the server to end the connection', timeoutMs);
    await written;
    if (how === 'local') throw new Error('this client itself ended the connection');
    const all = Buffer.concat(received);
    return { bytes: all, text: all.toString('latin1'), how };
  } finally {
    stream.destroy();
  }
}

/** Stops without a complaint where the server no longer takes anything. */
async function writeAll(
  stream: Socket,
  chunks: readonly (Uint8Array | string)[],
  halfClose: boolean,
): Promise<void> {
  for (const chunk of chunks) {
    const error = await new Promise((resolve) => stream.write(chunk, resolve));
    if (error) return;
  }
  if (halfClose) stream.end();
}
