/** How a connection ended; there is exactly one for each. */
export interface CloseOutcome {
  /** Of the Close frame that began the end; 1005 if it had none, 1006 if there was no frame. */
  readonly code: number;
  readonly reason: string;
  /** Whether both sides sent a Close frame (RFC 6455, section 7.1.4). */
  readonly wasClean: boolean;
  readonly endedBy: 'peer' | 'server';
}
