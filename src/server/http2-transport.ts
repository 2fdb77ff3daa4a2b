import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Transport } from './transport.js';

const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR } = constants;

/** A WebSocket on one stream of an HTTP/2 connection (RFC 8441). */
export class Http2Transport implements Transport {
  private ending = false;

  constructor(readonly stream: ServerHttp2Stream) {}

  end(lingerMs: number): void {
    const { stream } = this;
    if (this.ending || stream.destroyed) return;
    this.ending = true;
    stream.once('finish', () => {
      const timer = setTimeout(() => this.reset(NGHTTP2_NO_ERROR), lingerMs);
      stream.once('close', () => clearTimeout(timer));
    });
    stream.end();
    stream.resume();
  }

  abort(): void {
    this.reset(NGHTTP2_CANCEL);
  }

  /** `close()` alone leaves the stream open until everything that it received is read. */
  private reset(code: number): void {
    const { stream } = this;
    if (stream.destroyed) return;
    stream.close(code);
    stream.destroy();
  }
}
