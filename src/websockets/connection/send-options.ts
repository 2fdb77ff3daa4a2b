/** How one message is sent. */
export interface SendOptions {
  /** Whether it goes out as a binary message; by default a string is text, bytes are binary. */
  readonly isBinary?: boolean;
  /**
   * Whether it is compressed, if that was agreed on; by default a message of at least `threshold`
   * bytes is. Say `false` where a secret and something an attacker chose meet in one message.
   */
  readonly compress?: boolean;
}
