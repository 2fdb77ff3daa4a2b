/** RFC 9113, section 6. */
export const FrameType = {
  Data: 0,
  Headers: 1,
  ResetStream: 3,
  Settings: 4,
  Ping: 6,
  GoAway: 7,
  WindowUpdate: 8,
} as const;

export const Flag = { Ack: 1, EndHeaders: 4, Padded: 8 } as const;

export const Setting = {
  EnablePush: 2,
  InitialWindowSize: 4,
  EnableConnectProtocol: 8,
} as const;

export const FRAME_HEADER_BYTES = 9;

/** Until a server says otherwise, and none of ours does. */
export const MAX_DATA_BYTES = 16_384;

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

export function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const bytes = Buffer.alloc(FRAME_HEADER_BYTES + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  payload.copy(bytes, FRAME_HEADER_BYTES);
  return bytes;
}

export function settings(values: Readonly<Record<number, number>>): Buffer {
  const payload = Object.entries(values).map(([identifier, value]) => {
    const bytes = Buffer.alloc(6);
    bytes.writeUInt16BE(Number(identifier), 0);
    bytes.writeUInt32BE(value, 2);
    return bytes;
  });
  return frame(FrameType.Settings, 0, 0, Buffer.concat(payload));
}

export function windowUpdate(stream: number, increment: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(increment);
  return frame(FrameType.WindowUpdate, 0, stream, payload);
}

/** DATA frames as large as they may be. */
export function dataFrames(stream: number, bytes: Buffer): Buffer {
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += MAX_DATA_BYTES) {
    frames.push(frame(FrameType.Data, 0, stream, bytes.subarray(at, at + MAX_DATA_BYTES)));
  }
  return Buffer.concat(frames);
}

/** The head of a request, each field as a literal without indexing (RFC 7541, section 6.2.2). */
export function headers(stream: number, fields: Readonly<Record<string, string>>): Buffer {
  const block = Object.entries(fields).flatMap(([name, value]) => [
    Buffer.from([0]),
    hpackString(name),
    hpackString(value),
  ]);
  return frame(FrameType.Headers, Flag.EndHeaders, stream, Buffer.concat(block));
}

/** Whether a block of header fields begins with `:status: 200` from the static table. */
export function isStatus200(block: Buffer): boolean {
  const INDEXED_STATUS_200 = 0x88;
  // The dynamic table's size may be changed before the first field.
  const isSizeUpdate = (byte: number): boolean => byte >> 5 === 1;
  return block.find((byte) => !isSizeUpdate(byte)) === INDEXED_STATUS_200;
}

function hpackString(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length >= 127) throw new RangeError(`Too long for a one-byte length: ${text}`);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
