/** Longest part of a value that is repeated in a message. */
const SHOWN_LENGTH = 100;

/** One variable that cannot be used. */
export interface SettingProblem {
  readonly variable: string;
  /** As given; `undefined` = not set. */
  readonly value: string | undefined;
  /** What the variable must be, worded to follow "must be". */
  readonly allowed: string;
}

/** Thrown when the environment does not describe a service that could start: names every fault. */
export class InvalidSettingsError extends Error {
  override readonly name = 'InvalidSettingsError';

  /** @param problems one for each bad variable; the message has one line for each. */
  constructor(readonly problems: readonly SettingProblem[]) {
    super(problems.map(describe).join('\n'));
  }
}

function describe({ variable, value, allowed }: SettingProblem): string {
  return `${variable}${value === undefined ? ' (not set)' : `=${show(value)}`}: must be ${allowed}`;
}

/** Keeps a message to one line, and out of it a private key pasted where its path belongs. */
function show(value: string): string {
  if (value.includes('-----BEGIN')) return '(the text of a PEM file)';
  return JSON.stringify(value.length > SHOWN_LENGTH ? `${value.slice(0, SHOWN_LENGTH)}…` : value);
}
