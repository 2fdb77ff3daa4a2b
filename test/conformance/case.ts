import { randomBytes } from 'node:crypto';
import { closePayload, encodeFrame, Opcode, type OutgoingFrame } from '../support/raw-client.js';

/** One exchange with the echo gateway, as data. */
export interface ConformanceCase {
  /** As in the Autobahn test suite where that has the case; unique. */
  readonly id: string;
  readonly name: string;
  /** A function where the bytes are many: they are made when the case runs. */
  readonly send: readonly Step[] | (() => Iterable<Step>);
  /** All that has to come before the Close frame, in this order. */
  readonly expect?: readonly Received[];
  /**
   * The server's Close frame, when it sends one by itself or in answer to a step. Without it the
   * client closes with 1000 when everything has come, and has to be answered the same.
   */
  readonly close?: ExpectedClose;
}

/** Bytes are one write, not more and not less. */
export type Step = Uint8Array | Sync | { readonly receive: number };

/** The server has read all that was written, before the next step. */
export type Sync = typeof sync;
export const sync = Symbol('sync');

/** The next so many of what is expected have come, before the next step. */
export const receive = (count: number): Step => ({ receive: count });

export interface Received {
  readonly kind: 'text' | 'binary' | 'ping' | 'pong';
  readonly data: Uint8Array;
}

export interface ExpectedClose {
  readonly code: number;
  /** Absent: any, for the server may say what is wrong in its own words. */
  readonly reason?: string;
}

type Payload = string | Uint8Array;
type FrameFlags = Omit<OutgoingFrame, 'opcode' | 'payload'>;

const frameOf =
  (opcode: number) =>
  (payload: Payload = '', flags: FrameFlags = {}): Buffer =>
    encodeFrame({ ...flags, opcode, payload });

export const text = frameOf(Opcode.Text);
export const binary = frameOf(Opcode.Binary);
export const continuation = frameOf(Opcode.Continuation);
export const ping = frameOf(Opcode.Ping);
export const pong = frameOf(Opcode.Pong);

export const close = (code?: number, reason?: string): Buffer =>
  encodeFrame({ opcode: Opcode.Close, payload: closePayload(code, reason) });

const got =
  (kind: Received['kind']) =>
  (data: Payload): Received => ({
    kind,
    data: typeof data === 'string' ? Buffer.from(data) : data,
  });

export const gotText = got('text');
export const gotBinary = got('binary');
export const gotPong = got('pong');

/** Frames of one message, all with the same mask. */
export function fragments(opcode: number, parts: readonly Payload[]): Buffer[] {
  const mask = randomBytes(4);
  return parts.map((payload, index) =>
    encodeFrame({
      opcode: index === 0 ? opcode : Opcode.Continuation,
      fin: index === parts.length - 1,
      payload,
      mask,
    }),
  );
}

/** Pieces of `size` bytes, the last one shorter. */
export function pieces(bytes: Uint8Array, size: number): Buffer[] {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, i) => all.subarray(i * size, (i + 1) * size));
}

/** Writes of `size` bytes, each of which the server reads before the next one comes. */
export const chopped = (bytes: Uint8Array, size = 1): Step[] =>
  pieces(bytes, size).flatMap((piece) => [piece, sync]);

/** For bytes that are costly to make: all transports send the same. */
export function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** One write for all. */
export const together = (...frames: readonly Uint8Array[]): Buffer => Buffer.concat(frames);
