import { Deflater } from './deflater.js';
import { Inflater } from './inflater.js';
import type { CodecCallback } from './message-codec.js';
import type { NegotiatedDeflate } from './negotiation.js';

/** Both directions of one server connection that negotiated permessage-deflate (RFC 7692). */
export class PerMessageDeflate {
  private readonly deflater: Deflater;
  private readonly inflater: Inflater;

  /** @param maxMessageSize bytes of a received message after inflating */
  constructor(negotiated: NegotiatedDeflate, maxMessageSize: number) {
    this.deflater = new Deflater({
      windowBits: negotiated.serverMaxWindowBits,
      noContextTakeover: negotiated.serverNoContextTakeover,
    });
    this.inflater = new Inflater({
      windowBits: negotiated.clientMaxWindowBits,
      noContextTakeover: negotiated.clientNoContextTakeover,
      maxMessageSize,
    });
  }

  /** Whether all messages to deflate came back: an uncompressed one keeps its place if sent now. */
  get isDeflateIdle(): boolean {
    return this.deflater.isIdle;
  }

  /** Whether all messages to inflate came back. */
  get isInflateIdle(): boolean {
    return this.inflater.isIdle;
  }

  /** @see Deflater.deflate */
  deflate(data: Uint8Array, callback: CodecCallback): void {
    this.deflater.deflate(data, callback);
  }

  /** @see Inflater.inflate */
  inflate(payload: Buffer, callback: CodecCallback): void {
    this.inflater.inflate(payload, callback);
  }

  /** Frees all memory of zlib; callbacks that are outstanding never come. */
  close(): void {
    this.deflater.close();
    this.inflater.close();
  }
}
