import { CloseCode } from '../protocol/close-code.js';

/** How a connection ended; there is exactly one for each. */
export interface CloseOutcome {
  /** Of the Close frame that began the end; 1005 if it had none, 1006 if there was no frame. */
  readonly code: number;
  readonly reason: string;
  /** Whether both sides sent a Close frame (RFC 6455, section 7.1.4). */
  readonly wasClean: boolean;
  readonly endedBy: 'peer' | 'server';
}

interface CloseFrame {
  readonly code: number;
  readonly reason: string;
}

/** Keeps account of the Close frames of both sides, and of who began. */
export class CloseRecord {
  sent: CloseFrame | undefined;
  received: CloseFrame | undefined;
  private endedBy: CloseOutcome['endedBy'] | undefined;

  /** Only the first to begin counts. */
  begin(endedBy: CloseOutcome['endedBy']): void {
    this.endedBy ??= endedBy;
  }

  outcome(): CloseOutcome {
    const endedBy = this.endedBy ?? 'peer';
    const began = endedBy === 'server' ? this.sent : this.received;
    return {
      code: began?.code ?? CloseCode.Abnormal,
      reason: began?.reason ?? '',
      wasClean: this.sent !== undefined && this.received !== undefined,
      endedBy,
    };
  }
}
