import { isUtf8 } from 'node:buffer';
import type { Rules } from './differences.js';
import type { Compression } from './fuzz-case.js';
import { InflateModel } from './inflate-model.js';
import { describeBytes, describeMessage, type Outcome } from './outcome.js';
import { MAX_MESSAGE_SIZE } from './payloads.js';
import { Refusal } from './refusal.js';

const NO_BYTES = Buffer.alloc(0);
const MAX_CONTROL_PAYLOAD = 125;

/** What a server with these rules makes of a stream that ends without a Close of its own. */
export function expectedOutcome(stream: Buffer, compression: Compression, rules: Rules): Outcome {
  const reader = new ReaderModel(stream, compression, rules);
  let close: Outcome['close'] = 'none';
  try {
    while (reader.readFrame());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    close = error.code;
  }
  return { messages: reader.messages, pongs: reader.pongs, close };
}

interface Head {
  readonly fin: boolean;
  readonly rsv1: boolean;
  readonly opcode: number;
  readonly length: number;
  readonly key: Buffer;
}

/** RFC 6455, section 5, word by word: for reading, not for speed. */
class ReaderModel {
  readonly messages: string[] = [];
  readonly pongs: string[] = [];
  #at = 0;
  #controlFrames = 0;
  #message:
    | { opcode: number; isCompressed: boolean; wire: number; data: Buffer; waiting: Buffer }
    | undefined;
  readonly #inflater: InflateModel | undefined;

  constructor(
    private readonly stream: Buffer,
    compression: Compression,
    private readonly rules: Rules,
  ) {
    if (compression !== 'none') {
      this.#inflater = new InflateModel(rules, compression === 'takeover');
    }
  }

  /** False: the rest of the stream is no whole frame. */
  readFrame(): boolean {
    const head = this.#readHead();
    if (head === undefined) return false;
    const payload = this.#take(head);
    const isWhole = payload.length === head.length;
    if (head.opcode >= 8) {
      if (isWhole) this.#control(head.opcode, payload);
    } else {
      this.#data(head, payload, isWhole);
    }
    return isWhole;
  }

  #take({ length, key }: Head): Buffer {
    const payload = Buffer.from(this.stream.subarray(this.#at, this.#at + length));
    this.#at += payload.length;
    for (let index = 0; index < payload.length; index++) payload[index] ^= key[index % 4];
    return payload;
  }

  #readHead(): Head | undefined {
    if (this.stream.length - this.#at < 2) return undefined;
    const [first, second] = this.stream.subarray(this.#at);
    const [fin, rsv1, opcode] = [(first & 0x80) !== 0, (first & 0x40) !== 0, first & 0x0f];
    const short = second & 0x7f;
    if ((first & 0x30) !== 0) throw new Refusal(1002);
    if (rsv1 && (!this.#inflater || (opcode !== 1 && opcode !== 2))) throw new Refusal(1002);
    if ((opcode > 2 && opcode < 8) || opcode > 10) throw new Refusal(1002);
    if (opcode >= 8 && (!fin || short > MAX_CONTROL_PAYLOAD)) throw new Refusal(1002);
    if (opcode === 8 && short === 1 && this.rules.oneByteClose === 'by its head') {
      throw new Refusal(1002);
    }
    if (opcode < 8 && (opcode === 0) !== (this.#message !== undefined)) throw new Refusal(1002);
    if ((second & 0x80) === 0) throw new Refusal(1002);

    const field = short < 126 ? 0 : short === 126 ? 2 : 8;
    const keyAt = this.#at + 2 + field;
    if (keyAt > this.stream.length) return undefined;
    const length = field === 0 ? short : this.#readLength(field);
    const size = (this.#message?.wire ?? 0) + length;
    if (opcode < 8 && size > MAX_MESSAGE_SIZE) throw new Refusal(1009);
    if (keyAt + 4 > this.stream.length) return undefined;
    this.#at = keyAt + 4;
    return { fin, rsv1, opcode, length, key: this.stream.subarray(keyAt, keyAt + 4) };
  }

  #readLength(field: 2 | 8): number {
    const at = this.#at + 2;
    const length =
      field === 2 ? BigInt(this.stream.readUInt16BE(at)) : this.stream.readBigUInt64BE(at);
    const { firstLengthBit, longLength } = this.rules;
    if (length >= 2n ** 63n) throw new Refusal(firstLengthBit);
    if (longLength === 'refused' && length < (field === 2 ? 126n : 65_536n))
      throw new Refusal(1002);
    return Number(length);
  }

  #control(opcode: number, payload: Buffer): void {
    if (opcode === 8) this.#close(payload);
    if (++this.#controlFrames > this.rules.controlFrames) throw new Refusal(1008);
    if (opcode === 9) this.pongs.push(describeBytes(payload));
  }

  #close(payload: Buffer): never {
    if (payload.length === 0) throw new Refusal(this.rules.emptyClose ?? 'empty');
    if (payload.length === 1) throw new Refusal(1002);
    const code = payload.readUInt16BE();
    const isDefined = code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code);
    if (!isDefined && (code < 3000 || code > 4999)) throw new Refusal(1002);
    throw new Refusal(isUtf8(payload.subarray(2)) ? code : 1007);
  }

  #data({ fin, rsv1, opcode, length }: Head, payload: Buffer, isWhole: boolean): void {
    const message = (this.#message ??= {
      opcode,
      isCompressed: rsv1,
      wire: 0,
      data: NO_BYTES,
      waiting: NO_BYTES,
    });
    message.wire += length;
    const isText = message.opcode === 1;
    if (!message.isCompressed) {
      message.data = Buffer.concat([message.data, payload]);
      const isEarly = this.rules.badText === 'at its first bad byte';
      if (isText && isEarly && !canBecomeUtf8(message.data)) throw new Refusal(1007);
    } else if (isWhole) {
      message.waiting = Buffer.concat([message.waiting, payload]);
      if (fin || this.rules.inflatesBy === 'fragment') {
        const { data, waiting } = message;
        const inflated = this.#inflater!.inflate(waiting, fin, data.length);
        message.data = Buffer.concat([data, inflated]);
        message.waiting = NO_BYTES;
      }
    }
    if (!fin || !isWhole) return;
    if (isText && !isUtf8(message.data)) throw new Refusal(1007);
    this.messages.push(describeMessage(message.data, !isText));
    this.#message = undefined;
    this.#controlFrames = 0;
  }
}

/** Whether some valid text begins with these bytes. */
function canBecomeUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
