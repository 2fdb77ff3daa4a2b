import type { Socket } from 'node:net';
import type { Transport } from '../../server/index.js';

/** What a stream tells its connection. */
export interface StreamTarget {
  onChunk(chunk: Buffer): void;
  onStreamEnd(): void;
  /** All that was written has been taken. */
  onDrained(): void;
  /** The stream's own timeout, which only runs while the peer does not take what it is sent. */
  onSilent(): void;
  onStreamClose(): void;
}

const kTarget = Symbol('connection');

/** All of them have `setTimeout`: `net.Socket`, `tls.TLSSocket`, `ServerHttp2Stream`. */
export type ConnectionStream = Transport['stream'] &
  Pick<Socket, 'setTimeout'> & { [kTarget]?: StreamTarget };

/** Listens to a stream with functions that all connections share: an idle one costs no closure. */
export function bindStream(stream: ConnectionStream, target: StreamTarget): void {
  stream[kTarget] = target;
  stream.on('data', onData).on('end', onEnd).on('drain', onDrain).on('timeout', onTimeout);
  stream.on('error', onError).on('close', onClose);
}

function onData(this: ConnectionStream, chunk: Buffer): void {
  this[kTarget]!.onChunk(chunk);
}

function onEnd(this: ConnectionStream): void {
  this[kTarget]!.onStreamEnd();
}

function onDrain(this: ConnectionStream): void {
  this[kTarget]!.onDrained();
}

function onTimeout(this: ConnectionStream): void {
  this[kTarget]!.onSilent();
}

/** The 'close' that follows tells the end; which error it was says nothing more to anybody. */
function onError(): void {}

function onClose(this: ConnectionStream): void {
  this[kTarget]!.onStreamClose();
}
