/** Below this many bytes, setting up word access costs more than it gains. */
const WORDS_FROM = 24;

const NO_WORDS = new Int32Array(0);
const keyBytes = new Uint8Array(4);
const keyWord = new Int32Array(keyBytes.buffer);

/**
 * Masks or unmasks `bytes` in place (RFC 6455, section 5.3).
 *
 * @param words the whole words under `bytes`: see `wordsOf`
 * @param key offset in `keySource` of the four key bytes
 * @param phase how many payload bytes were masked with this key before
 */
export function applyMask(
  bytes: Uint8Array,
  words: Int32Array,
  start: number,
  end: number,
  keySource: Uint8Array,
  key: number,
  phase: number,
): void {
  const k0 = keySource[key + (phase & 3)];
  const k1 = keySource[key + ((phase + 1) & 3)];
  const k2 = keySource[key + ((phase + 2) & 3)];
  const k3 = keySource[key + ((phase + 3) & 3)];
  let index = start;
  if (end - start < WORDS_FROM) {
    for (; index + 3 < end; index += 4) {
      bytes[index] ^= k0;
      bytes[index + 1] ^= k1;
      bytes[index + 2] ^= k2;
      bytes[index + 3] ^= k3;
    }
    if (index < end) bytes[index] ^= k0;
    if (index + 1 < end) bytes[index + 1] ^= k1;
    if (index + 2 < end) bytes[index + 2] ^= k2;
    return;
  }

  // `words` starts at the first aligned word of the memory under `bytes`.
  const skew = (4 - (bytes.byteOffset & 3)) & 3;
  while (((index - skew) & 3) !== 0) {
    bytes[index] ^= keySource[key + ((phase + index - start) & 3)];
    index++;
  }
  const turn = index - start;
  keyBytes[0] = keySource[key + ((phase + turn) & 3)]!;
  keyBytes[1] = keySource[key + ((phase + turn + 1) & 3)]!;
  keyBytes[2] = keySource[key + ((phase + turn + 2) & 3)]!;
  keyBytes[3] = keySource[key + ((phase + turn + 3) & 3)]!;
  const word = keyWord[0];
  let at = (index - skew) >> 2;
  const last = at + ((end - index) >> 2);
  for (; at + 7 < last; at += 8) {
    words[at] ^= word;
    words[at + 1] ^= word;
    words[at + 2] ^= word;
    words[at + 3] ^= word;
    words[at + 4] ^= word;
    words[at + 5] ^= word;
    words[at + 6] ^= word;
    words[at + 7] ^= word;
  }
  for (; at < last; at++) words[at] ^= word;
  for (index = (last << 2) + skew; index < end; index++) {
    bytes[index] ^= keySource[key + ((phase + index - start) & 3)];
  }
}

/** The whole 32-bit words under `bytes`, from the first aligned one. */
export function wordsOf(bytes: Uint8Array): Int32Array {
  const skew = (4 - (bytes.byteOffset & 3)) & 3;
  if (bytes.byteLength < skew) return NO_WORDS;
  return new Int32Array(bytes.buffer, bytes.byteOffset + skew, (bytes.byteLength - skew) >> 2);
}
