/** The opcodes of RFC 6455 section 5.2. */
export const Opcode = {
  Continuation: 0x0,
  Text: 0x1,
  Binary: 0x2,
  Close: 0x8,
  Ping: 0x9,
  Pong: 0xa,
} as const;

/** A frame as the server sent it, checked by `FrameParser`. */
export interface Frame {
  readonly fin: boolean;
  readonly rsv1: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
}

/** A whole message, put together from its frames. */
export interface Message {
  readonly data: Buffer;
  readonly isBinary: boolean;
}

/** What a Close frame says; an empty one has no code. */
export interface CloseStatus {
  readonly code: number | undefined;
  readonly reason: string;
}

export const isControl = (opcode: number): boolean => (opcode & 0x8) !== 0;
