import type { CompressionOptions } from '../connection/connection-options.js';
import { type ExtensionParameter, parseExtensions } from './extension-offers.js';

/** What server and client agreed on. */
export interface NegotiatedDeflate {
  /** The value of Sec-WebSocket-Extensions in the server's answer. */
  readonly response: string;
  /** Base-2 logarithm of the window the server compresses with, 9 to 15. */
  readonly serverMaxWindowBits: number;
  /** Base-2 logarithm of the largest window the client compresses with, 8 to 15. */
  readonly clientMaxWindowBits: number;
  /** Whether the server compresses every message on its own. */
  readonly serverNoContextTakeover: boolean;
  /** Whether the client compresses every message on its own. */
  readonly clientNoContextTakeover: boolean;
}

/** Registered as a token, so compared whole and with its case, like the parameters' names. */
const EXTENSION_NAME = 'permessage-deflate';

/** A decimal integer from 8 to 15 without leading zeros (RFC 7692, section 7.1.2). */
const WINDOW_BITS = /^(?:[89]|1[0-5])$/;

const MAX_WINDOW_BITS = 15;

/** zlib makes 9 of a raw window of 8 when it compresses: the client could not read that. */
const MIN_SERVER_WINDOW_BITS = 9;

/**
 * Takes the first offer of permessage-deflate that can be granted (RFC 7692, section 5).
 *
 * An offer is declined as a whole if it has a parameter that is unknown, doubled or has an invalid
 * value, or if zlib cannot do what it demands (section 7): that is only `server_max_window_bits=8`.
 * Since zlib reads any window up to its own, `client_max_window_bits=8` is granted.
 *
 * @param header Sec-WebSocket-Extensions, several fields joined with commas; one that breaks the
 *   grammar holds no offer at all, and `parseExtensions` tells it apart
 * @returns undefined if messages go uncompressed
 */
export function negotiate(
  header: string | undefined,
  options: CompressionOptions,
): NegotiatedDeflate | undefined {
  if (header === undefined) return undefined;
  for (const { name, parameters } of parseExtensions(header) ?? []) {
    if (name !== EXTENSION_NAME) continue;
    const negotiated = grant(parameters, options);
    if (negotiated !== undefined) return negotiated;
  }
  return undefined;
}

function grant(
  parameters: readonly ExtensionParameter[],
  options: CompressionOptions,
): NegotiatedDeflate | undefined {
  const seen = new Set<string>();
  const response = [EXTENSION_NAME];
  let { serverMaxWindowBits, serverNoContextTakeover } = options;
  let clientMaxWindowBits = MAX_WINDOW_BITS;
  let clientNoContextTakeover = false;

  for (const { name, value } of parameters) {
    if (seen.has(name)) return undefined;
    seen.add(name);
    switch (name) {
      case 'client_no_context_takeover':
        if (value !== undefined) return undefined;
        clientNoContextTakeover = true;
        response.push(name);
        break;
      case 'client_max_window_bits':
        // Only here may the value be left out: the client then takes what the answer says (7.1.2.2).
        if (value !== undefined && !WINDOW_BITS.test(value)) return undefined;
        clientMaxWindowBits = value === undefined ? MAX_WINDOW_BITS : Number(value);
        response.push(`${name}=${clientMaxWindowBits}`);
        break;
      case 'server_no_context_takeover':
        if (value !== undefined) return undefined;
        serverNoContextTakeover = true;
        break;
      case 'server_max_window_bits': {
        if (value === undefined || !WINDOW_BITS.test(value)) return undefined;
        const bits = Number(value);
        if (bits < MIN_SERVER_WINDOW_BITS) return undefined;
        serverMaxWindowBits = Math.min(serverMaxWindowBits, bits);
        break;
      }
      default:
        return undefined;
    }
  }

  // The server may lower both also if the client did not ask for it (7.1.1.1, 7.1.2.1).
  if (serverNoContextTakeover) response.push('server_no_context_takeover');
  if (seen.has('server_max_window_bits') || serverMaxWindowBits < MAX_WINDOW_BITS) {
    response.push(`server_max_window_bits=${serverMaxWindowBits}`);
  }
  return {
    response: response.join('; '),
    serverMaxWindowBits,
    clientMaxWindowBits,
    serverNoContextTakeover,
    clientNoContextTakeover,
  };
}
