import { createHash } from 'node:crypto';

/** RFC 6455, section 1.3. */
const KEY_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** 16 bytes in base64: 22 characters, the last of which holds two bits, and the padding. */
const KEY = /^[+/0-9A-Za-z]{21}[AQgw]==$/;

/** A token of HTTP (RFC 9110, section 5.6.2). */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Whether a Sec-WebSocket-Key decodes to 16 bytes (RFC 6455, section 4.2.1). */
export function isValidKey(key: string): boolean {
  return KEY.test(key);
}

/** Sec-WebSocket-Accept for a key (RFC 6455, section 4.2.2). */
export function acceptOf(key: string): string {
  return createHash('sha1')
    .update(key + KEY_SUFFIX)
    .digest('base64');
}

/**
 * The subprotocols of a Sec-WebSocket-Protocol header, in the client's order.
 *
 * @returns undefined if the list is malformed: not all tokens, or one of them twice (RFC 6455, 4.1)
 */
export function parseSubprotocols(header: string | undefined): readonly string[] | undefined {
  if (header === undefined) return [];
  const names = header.split(',').map((name) => name.trim());
  if (new Set(names).size !== names.length) return undefined;
  return names.every((name) => TOKEN.test(name)) ? names : undefined;
}
