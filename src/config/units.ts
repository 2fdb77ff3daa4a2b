const MILLISECONDS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

const BYTES: ReadonlyMap<string, number> = new Map([
  ['b', 1],
  ['kb', 1024],
  ['mb', 1024 ** 2],
  ['gb', 1024 ** 3],
]);

/** `500ms`, `30s`, `2m`, `1h` or plain milliseconds; `undefined` when it is none of these. */
export function parseDuration(text: string): number | undefined {
  return parseQuantity(text, MILLISECONDS, 'ms');
}

/** `64kb`, `1mb`, `1gb` (powers of 1024) or plain bytes; `undefined` when it is none of these. */
export function parseSize(text: string): number | undefined {
  return parseQuantity(text, BYTES, 'b');
}

function parseQuantity(
  text: string,
  units: ReadonlyMap<string, number>,
  defaultUnit: string,
): number | undefined {
  const match = /^(\d+)([a-z]*)$/i.exec(text);
  if (!match) return undefined;
  const [, digits, unit] = match;
  const factor = units.get(unit.toLowerCase() || defaultUnit);
  return factor === undefined ? undefined : Number(digits) * factor;
}
