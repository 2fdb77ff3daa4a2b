import { constants, inflateRawSync } from 'node:zlib';
import type { Rules } from './differences.js';
import { MAX_MESSAGE_SIZE } from './payloads.js';
import { Refusal } from './refusal.js';

const TAIL = Buffer.of(0x00, 0x00, 0xff, 0xff);
const NO_BYTES = Buffer.alloc(0);

/** Inflates as RFC 7692 says, slowly: from the beginning of the window for each part. */
export class InflateModel {
  #history = NO_BYTES;
  #produced = 0;
  #isDead = false;

  constructor(
    private readonly rules: Rules,
    private readonly keepsWindow: boolean,
  ) {}

  /**
   * @param parts fragments of a whole message or, where they are inflated one by one, one of them
   * @param size of what the message has given before
   */
  inflate(payload: Buffer, fin: boolean, size: number): Buffer {
    if (fin && payload.length === 0 && this.rules.emptyDeflate === 'refused') {
      throw new Refusal(1007);
    }
    const output = this.#read(fin ? Buffer.concat([payload, TAIL]) : payload, size);
    if (fin && !this.keepsWindow) this.#reset();
    return output;
  }

  #read(input: Buffer, size: number): Buffer {
    if (this.#isDead && input.length > 0) {
      this.#reset();
      return NO_BYTES;
    }
    let output = NO_BYTES;
    let rest = input;
    for (let finalBlocks = 0; ; finalBlocks++) {
      const { data, consumed, isEnded } = this.#run(rest, size + output.length);
      output = Buffer.concat([output, data]);
      if (!isEnded) return output;
      rest = rest.subarray(consumed);
      this.#reset();
      this.#isDead =
        rest.length === 0 && this.rules.finalBlockInTail === 'swallows the next message';
      if (this.rules.behindFinalBlock === 'dropped' || rest.length <= TAIL.length) return output;
      if (finalBlocks === this.rules.finalBlocks) throw new Refusal(1008);
    }
  }

  #run(input: Buffer, size: number): { data: Buffer; consumed: number; isEnded: boolean } {
    const all = Buffer.concat([this.#history, input]);
    const room = MAX_MESSAGE_SIZE - size;
    const whole = inflate(all, this.#produced + room);
    const isEnded =
      inflate(Buffer.concat([all, Buffer.of(0)]), Infinity, true).consumed <= all.length;
    const data = whole.data.subarray(this.#produced);
    const consumed = whole.consumed - this.#history.length;
    this.#history = all;
    this.#produced += data.length;
    return { data, consumed, isEnded };
  }

  #reset(): void {
    this.#history = NO_BYTES;
    this.#produced = 0;
    this.#isDead = false;
  }
}

function inflate(
  input: Buffer,
  maxOutputLength: number,
  mayFail = false,
): { data: Buffer; consumed: number } {
  const options = { info: true, finishFlush: constants.Z_SYNC_FLUSH };
  try {
    const limit =
      maxOutputLength < Infinity ? { maxOutputLength: Math.max(1, maxOutputLength) } : {};
    const { buffer, engine } = inflateRawSync(input, { ...options, ...limit }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    if (buffer.length > maxOutputLength) throw new Refusal(1009);
    return { data: buffer, consumed: engine.bytesWritten };
  } catch (error) {
    if (mayFail) return { data: NO_BYTES, consumed: Infinity };
    if (error instanceof Refusal) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new Refusal(code === 'ERR_BUFFER_TOO_LARGE' ? 1009 : 1007);
  }
}
