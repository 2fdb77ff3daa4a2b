import { createHash } from 'node:crypto';

/** What comes back to a client, in a form that can be compared and printed. */
export interface Outcome {
  /** Echoes, in order. */
  readonly messages: readonly string[];
  /** Payloads of the Pongs, in order. */
  readonly pongs: readonly string[];
  /** The server's Close frame: its code (none in an empty one), or that none came. */
  readonly close: number | 'empty' | 'none';
}

export function describeMessage(data: Buffer, isBinary: boolean): string {
  return `${isBinary ? 'binary' : 'text'} ${describeBytes(data)}`;
}

export function describeBytes(data: Buffer): string {
  if (data.length <= 64) return `${data.length} <${data.toString('hex')}>`;
  return `${data.length} sha256 ${createHash('sha256').update(data).digest('hex').slice(0, 16)}`;
}
