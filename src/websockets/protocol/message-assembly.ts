import { CloseCode } from './close-code.js';
import { applyMask, wordsOf } from './mask.js';
import { ProtocolError } from './protocol-error.js';
import { validUtf8Until } from './utf8.js';

/** How far memory may run ahead of the bytes that arrived: a header alone must not take it. */
const AHEAD_FACTOR = 16;
const AHEAD_BYTES = 4096;

const NO_BYTES = Buffer.alloc(0);
const NO_WORDS = new Int32Array(0);

/** A message that is not complete yet: a fragmented one, or a frame that spans several reads. */
export class MessageAssembly {
  isBinary = false;
  isCompressed = false;
  size = 0;
  fragments = 0;

  private bytes: Buffer = NO_BYTES;
  private words: Int32Array = NO_WORDS;
  private validUntil = 0;

  begin(isBinary: boolean, isCompressed: boolean): void {
    this.isBinary = isBinary;
    this.isCompressed = isCompressed;
  }

  /**
   * Adds a masked part of a frame.
   *
   * @param announced how large the message will be at least, as its frame headers say
   * @param phase how many bytes of the same frame came before
   * @throws ProtocolError 1007 at the first byte that no valid UTF-8 text can hold
   */
  append(
    chunk: Buffer,
    start: number,
    end: number,
    announced: number,
    key: Uint8Array,
    phase: number,
  ): void {
    const size = this.size + end - start;
    this.reserve(size, announced);
    chunk.copy(this.bytes, this.size, start, end);
    applyMask(this.bytes, this.words, this.size, size, key, 0, phase);
    this.size = size;
    if (!this.isBinary && !this.isCompressed) {
      this.validUntil = validUtf8Until(this.bytes, this.validUntil, size);
      if (this.validUntil < 0) throw invalidUtf8();
    }
  }

  /** The whole message; the assembly is empty afterwards. */
  take(): Buffer {
    if (!this.isBinary && !this.isCompressed && this.validUntil !== this.size) throw invalidUtf8();
    const message =
      this.bytes.length === this.size ? this.bytes : this.bytes.subarray(0, this.size);
    this.bytes = NO_BYTES;
    this.words = NO_WORDS;
    this.size = 0;
    this.fragments = 0;
    this.validUntil = 0;
    return message;
  }

  private reserve(size: number, announced: number): void {
    if (size <= this.bytes.length) return;
    const wanted = Math.max(announced, this.fragments > 1 ? 2 * this.bytes.length : 0);
    const capacity = Math.max(size, Math.min(wanted, Math.max(AHEAD_BYTES, AHEAD_FACTOR * size)));
    const bytes = Buffer.allocUnsafe(capacity);
    this.bytes.copy(bytes, 0, 0, this.size);
    this.bytes = bytes;
    this.words = wordsOf(bytes);
  }
}

export function invalidUtf8(): ProtocolError {
  return new ProtocolError(CloseCode.InvalidPayload, 'Invalid UTF-8 in a text message');
}
