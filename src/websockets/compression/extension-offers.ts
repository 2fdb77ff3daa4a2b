/** One parameter of an offer; a value that came as a quoted string is unquoted. */
export interface ExtensionParameter {
  readonly name: string;
  readonly value: string | undefined;
}

/** One element of a Sec-WebSocket-Extensions header, the parameters in the client's order. */
export interface ExtensionOffer {
  readonly name: string;
  readonly parameters: readonly ExtensionParameter[];
}

const TCHAR = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]";
const SPACE = '[ \\t]*';

/** The patterns look at `lastIndex` only and need no backtracking: the parser takes linear time. */
const NAME = new RegExp(`${SPACE}(${TCHAR}+)`, 'y');
const PARAMETER = new RegExp(
  `${SPACE};${SPACE}(${TCHAR}+)(?:${SPACE}=${SPACE}(?:(${TCHAR}+)|"((?:\\\\?${TCHAR})+)"))?`,
  'y',
);
const COMMA = new RegExp(`${SPACE},`, 'y');
const END = new RegExp(`${SPACE}$`, 'y');

/**
 * Reads a Sec-WebSocket-Extensions header by the grammar of RFC 6455, section 9.1: tokens, or
 * quoted strings that hold a token. As the rules of RFC 2616, section 2.1 have it (RFC 6455, 4.3),
 * blanks may stand around `=`, `;` and `,`, and empty list elements do not count.
 *
 * @returns undefined if the header breaks the grammar or lists nothing: such a handshake has to be
 *   answered with 400 (RFC 6455, sections 4.2.1 and 9.1)
 */
export function parseExtensions(header: string): readonly ExtensionOffer[] | undefined {
  const offers: ExtensionOffer[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(header);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  do {
    const name = match(NAME)?.[1];
    if (name === undefined) continue;
    const parameters: ExtensionParameter[] = [];
    for (let found = match(PARAMETER); found !== null; found = match(PARAMETER)) {
      const [, parameter, token, quoted] = found as (string | undefined)[];
      parameters.push({ name: parameter!, value: token ?? quoted?.replaceAll('\\', '') });
    }
    offers.push({ name, parameters });
  } while (match(COMMA) !== null);
  return match(END) !== null && offers.length > 0 ? offers : undefined;
}
