import { isUtf8 } from 'node:buffer';

/**
 * Whether a part of a longer text can still become valid UTF-8 (RFC 3629), so that a text message
 * fails at the first bad byte and not only at its end.
 *
 * @returns where the next call has to start (a character that is cut off at `end` is looked at
 *   again), or -1 if the bytes are invalid whatever follows
 */
export function validUtf8Until(bytes: Buffer, start: number, end: number): number {
  const boundary = lastBoundary(bytes, start, end);
  if (boundary > start && !isUtf8(bytes.subarray(start, boundary))) return -1;
  return boundary === end || isPrefix(bytes, boundary, end) ? boundary : -1;
}

/** Where the character that `end` may cut off begins; `end` if it cuts none. */
function lastBoundary(bytes: Buffer, start: number, end: number): number {
  for (let back = 1; back <= 3 && end - back >= start; back++) {
    const byte = bytes[end - back];
    if (byte >= 0xc0) return sequenceLength(byte) > back ? end - back : end;
    if (byte < 0x80) return end;
  }
  return end;
}

function sequenceLength(lead: number): number {
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
}

/** Whether the cut-off character's bytes begin some valid one: no overlong form, no surrogate. */
function isPrefix(bytes: Buffer, start: number, end: number): boolean {
  const lead = bytes[start];
  if (lead < 0xc2 || lead > 0xf4) return false;
  if (end - start === 1) return true;
  const second = bytes[start + 1];
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xed) return second < 0xa0;
  if (lead === 0xf0) return second >= 0x90;
  if (lead === 0xf4) return second < 0x90;
  return true;
}
