import { isUtf8 } from 'node:buffer';
import { constants, inflateRawSync } from 'node:zlib';
import { ProtocolViolation } from './frame-parser.js';
import { type Frame, type Message, Opcode } from './frame.js';

const SYNC_FLUSH_TAIL = Buffer.of(0x00, 0x00, 0xff, 0xff);
const LARGEST_WINDOW = 32 * 1024;

/** Puts data frames together to messages and inflates those of permessage-deflate. */
export class MessageAssembler {
  readonly #fragments: Frame[] = [];
  #window = Buffer.alloc(0);

  /** The message that `frame` completes, if it does. */
  add(frame: Frame): Message | undefined {
    this.#fragments.push(frame);
    if (!frame.fin) return undefined;
    const frames = this.#fragments.splice(0);
    const [first] = frames;
    if (first.opcode === Opcode.Continuation) {
      throw new Error('the first frame of this message was taken before, by next()');
    }
    const payload = Buffer.concat(frames.map((fragment) => fragment.payload));
    const data = first.rsv1 ? this.#inflate(payload) : payload;
    const isBinary = first.opcode === Opcode.Binary;
    if (!isBinary && !isUtf8(data)) throw new ProtocolViolation('a text message is not UTF-8');
    return { data, isBinary };
  }

  /** With the last 32 KiB as dictionary, which is right with and without context takeover. */
  #inflate(payload: Buffer): Buffer {
    const data = inflateRawSync(Buffer.concat([payload, SYNC_FLUSH_TAIL]), {
      finishFlush: constants.Z_SYNC_FLUSH,
      ...(this.#window.length > 0 && { dictionary: this.#window }),
    });
    this.#window = Buffer.concat([this.#window, data]).subarray(-LARGEST_WINDOW);
    return data;
  }
}
