import type { PerMessageDeflate } from '../compression/index.js';
import { Opcode } from '../protocol/opcode.js';
import { CompressedOutput, type CompressedOutputOwner } from './compressed-output.js';
import type { ConnectionOptions } from './connection-options.js';
import { flushSoon } from './flush-queue.js';
import { Output } from './output.js';
import type { ConnectionStream } from './stream-events.js';

/** What the sending half needs of its connection. */
export interface OutboundOwner {
  /** Whether a flush comes anyway, because a message is being handled. */
  readonly isDispatching: boolean;
  /** More than `maxBuffered` bytes wait, or all of them are gone again. */
  onPressure(isHigh: boolean): void;
  onCompressionError(error: Error): void;
  /** Nothing is left in compression. */
  onCompressed(): void;
}

/** The sending half of a connection: frames to batches, and a mark above which it is too much. */
export class Outbound implements CompressedOutputOwner {
  private isFlushQueued = false;
  private isHigh = false;
  private onWritten: (() => void) | undefined;
  private drainWaiters: (() => void)[] | undefined;
  private readonly output: Output;
  private readonly compressed: CompressedOutput | undefined;

  /** @param codec if permessage-deflate was agreed on */
  constructor(
    private readonly stream: ConnectionStream,
    private readonly owner: OutboundOwner,
    private readonly options: ConnectionOptions,
    codec: PerMessageDeflate | undefined,
  ) {
    this.output = new Output(stream);
    if (codec !== undefined) this.compressed = new CompressedOutput(codec, this.output, this);
  }

  /** Bytes that wait to be sent. */
  get waiting(): number {
    return this.output.waiting + (this.compressed?.waiting ?? 0);
  }

  get isOverMark(): boolean {
    return this.waiting > this.options.maxBuffered;
  }

  /** Whether something is still being compressed. */
  get isCompressing(): boolean {
    return this.compressed !== undefined && !this.compressed.isIdle;
  }

  /** @param compress by default if the message has `threshold` bytes at least */
  message(opcode: Opcode, data: string | Uint8Array, compress: boolean | undefined): void {
    if (this.compressed !== undefined && this.options.compression !== false) {
      const isWanted = compress ?? Buffer.byteLength(data) >= this.options.compression.threshold;
      if (isWanted || !this.compressed.isIdle) {
        this.compressed.add(opcode, data, isWanted);
        this.watchWhileDispatching();
        return;
      }
    }
    this.frame(opcode, data);
  }

  /** A Ping or a Pong, which may overtake what is being compressed. */
  control(opcode: Opcode, payload: Uint8Array): void {
    this.frame(opcode, payload);
  }

  /** The Close frame, behind everything else. */
  close(payload: Uint8Array): void {
    if (this.compressed === undefined || this.compressed.isIdle) this.frame(Opcode.Close, payload);
    else this.compressed.add(Opcode.Close, payload, false);
  }

  /** Writes the batch. */
  flush(): void {
    this.isFlushQueued = false;
    // The stream emits 'drain' only above a mark of its own, which may be higher than ours.
    this.output.flush(this.isOverMark ? (this.onWritten ??= () => this.watch()) : undefined);
    this.watch();
  }

  /** To be called when the stream has room again. */
  watch(): void {
    if (this.isOverMark) {
      this.isHigh = true;
      this.owner.onPressure(true);
    } else if (!this.stream.writableNeedDrain) {
      if (this.isHigh) {
        this.isHigh = false;
        this.owner.onPressure(false);
      }
      this.finishDrainWaiters();
    }
  }

  /** Resolves when the bytes that wait are no longer too many, or will never be sent. */
  async drained(): Promise<void> {
    if (!this.isOverMark || this.stream.destroyed) return;
    await new Promise<void>((resolve) => (this.drainWaiters ??= []).push(resolve));
  }

  /** Lets go of what was not written. */
  discard(): void {
    this.output.discard();
    this.finishDrainWaiters();
  }

  onCompressed(): void {
    this.flush();
    if (!this.isCompressing) this.owner.onCompressed();
  }

  onCompressionError(error: Error): void {
    this.owner.onCompressionError(error);
  }

  private frame(opcode: Opcode, payload: string | Uint8Array): void {
    this.output.frame(opcode, payload, false);
    if (this.output.isFull) this.output.flush();
    if (this.owner.isDispatching) {
      this.watchWhileDispatching();
    } else if (!this.isFlushQueued) {
      this.isFlushQueued = true;
      flushSoon(this);
    }
  }

  /** So that not all of a large chunk is answered before anybody looks. */
  private watchWhileDispatching(): void {
    if (!this.isHigh && this.owner.isDispatching && this.isOverMark) {
      this.isHigh = true;
      this.owner.onPressure(true);
    }
  }

  private finishDrainWaiters(): void {
    if (this.drainWaiters === undefined) return;
    for (const resolve of this.drainWaiters) resolve();
    this.drainWaiters = undefined;
  }
}
