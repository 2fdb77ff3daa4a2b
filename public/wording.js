// @ts-check

/** What a row shows of one message at most: the log holds many rows, and a peer sets their size. */
const MAX_CHARACTERS_SHOWN = 4096;
const MAX_BYTES_SHOWN = 1024;

/**
 * Close codes in words (RFC 6455 section 7.4.1 and the IANA registry).
 *
 * @type {Readonly<Record<number, string>>}
 */
const CLOSE_CODES = {
  1000: 'normal closure',
  1001: 'going away',
  1002: 'protocol error',
  1003: 'unsupported data',
  1005: 'no code received',
  1006: 'connection lost without a close frame',
  1007: 'invalid payload data',
  1008: 'policy violation',
  1009: 'message too big',
  1010: 'mandatory extension missing',
  1011: 'internal server error',
  1012: 'service restart',
  1013: 'try again later',
  1014: 'bad gateway',
  1015: 'TLS handshake failed',
  3000: 'unauthorized',
  3003: 'forbidden',
  3008: 'timeout',
};

const numberFormat = new Intl.NumberFormat('en');

/**
 * @param {number} count
 * @param {string} noun in the singular; its plural takes an s
 */
export function countOf(count, noun) {
  return `${numberFormat.format(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * @param {number} code
 * @returns {string}
 */
function closeCodeInWords(code) {
  const known = CLOSE_CODES[code];
  if (known) return known;
  if (code >= 4000) return 'private use';
  if (code >= 3000) return 'used by a library or framework';
  return 'reserved';
}

/**
 * The row for the end of a connection.
 *
 * @param {CloseEvent} event
 * @returns {string}
 */
export function closeInWords({ code, reason, wasClean }) {
  return [
    'Connection closed.',
    `Code: ${code} (${closeCodeInWords(code)}).`,
    `Reason: ${reason || 'none'}.`,
    `Clean: ${wasClean ? 'yes' : 'no'}.`,
  ].join(' ');
}

/**
 * The row for a handshake that failed: the browser does not tell a page why.
 *
 * @param {string} url
 * @returns {string}
 */
export function failureInWords(url) {
  return (
    `Connection failed. No WebSocket was opened at ${url}: the server cannot be reached, or it ` +
    `refused the path or the origin. The browser's developer tools show its answer.`
  );
}

/**
 * @param {string} text
 * @returns {string} the text, cut when it is too long to show
 */
function textInWords(text) {
  if (text.length <= MAX_CHARACTERS_SHOWN) return text;
  return `${text.slice(0, MAX_CHARACTERS_SHOWN)}… (${countOf(text.length, 'character')} in all)`;
}

/**
 * @param {ArrayBuffer} buffer
 * @returns {string} size and hexadecimal bytes, cut when there are too many to show
 */
function binaryInWords(buffer) {
  const shown = new Uint8Array(buffer, 0, Math.min(buffer.byteLength, MAX_BYTES_SHOWN));
  const hex = Array.from(shown, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const rest = buffer.byteLength > shown.length ? ' …' : '';
  return `Binary, ${countOf(buffer.byteLength, 'byte')}${hex && ': '}${hex}${rest}`;
}

/**
 * What the log shows of a message.
 *
 * @param {string | ArrayBuffer} data
 * @returns {string}
 */
export function messageInWords(data) {
  return typeof data === 'string' ? textInWords(data) : binaryInWords(data);
}
