import type { PerMessageDeflate } from '../compression/index.js';
import type { Opcode } from '../protocol/opcode.js';
import type { Output } from './output.js';

interface WaitingFrame {
  readonly opcode: Opcode;
  payload: string | Uint8Array;
  readonly isCompressed: boolean;
  readonly size: number;
  isReady: boolean;
}

/** What happens while nobody calls: compression takes place on other threads. */
export interface CompressedOutputOwner {
  /** Frames went on to the output. */
  onCompressed(): void;
  onCompressionError(error: Error): void;
}

/** Messages on their way through compression, and the frames that must not overtake them. */
export class CompressedOutput {
  private readonly frames: WaitingFrame[] = [];
  private bytes = 0;

  constructor(
    private readonly codec: PerMessageDeflate,
    private readonly output: Output,
    private readonly owner: CompressedOutputOwner,
  ) {}

  get isIdle(): boolean {
    return this.frames.length === 0;
  }

  /** Bytes that wait here, before compression. */
  get waiting(): number {
    return this.bytes;
  }

  /** @param payload must not change until it was sent */
  add(opcode: Opcode, payload: string | Uint8Array, compress: boolean): void {
    const data = typeof payload === 'string' ? Buffer.from(payload) : payload;
    const frame: WaitingFrame = {
      opcode,
      payload: data,
      isCompressed: compress,
      size: data.length,
      isReady: !compress,
    };
    this.frames.push(frame);
    this.bytes += frame.size;
    if (!compress) return;
    this.codec.deflate(data, (error, deflated) => {
      if (error !== null) {
        this.owner.onCompressionError(error);
        return;
      }
      frame.payload = deflated;
      frame.isReady = true;
      this.advance();
    });
  }

  private advance(): void {
    while (this.frames[0]?.isReady) {
      const { opcode, payload, isCompressed, size } = this.frames.shift()!;
      this.bytes -= size;
      this.output.frame(opcode, payload, isCompressed);
    }
    this.owner.onCompressed();
  }
}
