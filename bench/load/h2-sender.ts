import type { Socket } from 'node:net';
import { FRAME_HEADER_BYTES } from './h2-frame.js';

const SLAB_BYTES = 256 * 1024;

/** Larger runs of frames are written as they are, smaller ones copied together. */
const COPY_BYTES = 16 * 1024;

/** A stream's side of sending. */
export interface SendingStream {
  window: number;
  /** DATA frames that wait for a window, if there are any. */
  wire: Buffer | undefined;
  /** Where the first frame is that was not sent. */
  position: number;
  /** What is to be sent after that. */
  readonly backlog: Buffer[];
}

/** Sends the frames of many streams with few writes, as far as the server's windows allow. */
export class H2Sender {
  connectionWindow = 65_535;

  private readonly waiting: SendingStream[] = [];
  private slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  private used = 0;
  private written = 0;
  private flushing = false;

  constructor(private readonly socket: Socket) {}

  enqueue(stream: SendingStream, wire: Buffer): void {
    if (stream.wire !== undefined) {
      stream.backlog.push(wire);
      return;
    }
    stream.wire = wire;
    stream.position = 0;
    this.waiting.push(stream);
    this.flushSoon();
  }

  /** Control frames are not subject to flow control. */
  control(frame: Buffer): void {
    this.append(frame);
    this.flushSoon();
  }

  /** A window has grown. */
  flushSoon(): void {
    if (this.flushing) return;
    this.flushing = true;
    process.nextTick(() => {
      this.flushing = false;
      this.flush();
    });
  }

  private flush(): void {
    const { waiting } = this;
    this.socket.cork();
    let kept = 0;
    for (const stream of waiting) {
      while (this.sendAllowed(stream)) {
        stream.wire = stream.backlog.shift();
        stream.position = 0;
        if (stream.wire === undefined) break;
      }
      if (stream.wire !== undefined) waiting[kept++] = stream;
    }
    waiting.length = kept;
    this.writeSlab();
    this.socket.uncork();
    // What could be written is with the kernel, and the slab is free again.
    if (this.socket.writableLength > 0) this.slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    this.used = this.written = 0;
  }

  /** @returns whether all that was to be sent has been */
  private sendAllowed(stream: SendingStream): boolean {
    const wire = stream.wire!;
    const start = stream.position;
    let at = start;
    while (at < wire.length) {
      const length = wire.readUIntBE(at, 3);
      if (length > stream.window || length > this.connectionWindow) break;
      stream.window -= length;
      this.connectionWindow -= length;
      at += FRAME_HEADER_BYTES + length;
    }
    stream.position = at;
    if (at > start) this.append(wire.subarray(start, at));
    return at === wire.length;
  }

  private append(bytes: Buffer): void {
    if (bytes.length > COPY_BYTES) {
      this.writeSlab();
      this.socket.write(bytes);
      return;
    }
    if (this.used + bytes.length > SLAB_BYTES) {
      this.writeSlab();
      this.slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.used = this.written = 0;
    }
    this.slab.set(bytes, this.used);
    this.used += bytes.length;
  }

  private writeSlab(): void {
    if (this.used === this.written) return;
    this.socket.write(this.slab.subarray(this.written, this.used));
    this.written = this.used;
  }
}
