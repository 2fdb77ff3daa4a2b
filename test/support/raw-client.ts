/**
 * The project's own WebSocket client on the level of frames, for what a well-behaved client cannot
 * do or see. It shares no code with what it tests.
 */
import { RawSession, type SessionOptions } from './raw-client/h2-session.js';
import { connectHttp1 } from './raw-client/h1-connect.js';
import type { ConnectOptions } from './raw-client/handshake.js';
import type { HttpAnswer } from './raw-client/http-answer.js';
import { type PlainRequest, requestHttp1 } from './raw-client/plain-request.js';
import type { RawSocket } from './raw-client/raw-socket.js';
import { isHttp2, type Target } from './transports.js';

export { closePayload, encodeFrame, type OutgoingFrame } from './raw-client/encode-frame.js';
export { exchange, type Exchange } from './raw-client/exchange.js';
export { ProtocolViolation } from './raw-client/frame-parser.js';
export { type CloseStatus, type Frame, type Message, Opcode } from './raw-client/frame.js';
export type { RawSession } from './raw-client/h2-session.js';
export {
  acceptFor,
  BadHandshakeAnswer,
  type ConnectOptions,
  HandshakeAborted,
  HandshakeRefused,
} from './raw-client/handshake.js';
export { HttpAnswer } from './raw-client/http-answer.js';
export type { PlainRequest } from './raw-client/plain-request.js';
export { type RawSocket, SocketEnded } from './raw-client/raw-socket.js';
export { parseResponse } from './raw-client/response-parser.js';
export type { SocketEnd } from './raw-client/wire.js';

/** Opens a WebSocket on a connection of its own; a refused handshake throws `HandshakeRefused`. */
export async function connect(
  target: Target,
  path: string,
  options: ConnectOptions = {},
): Promise<RawSocket> {
  if (!isHttp2(target.transport)) return connectHttp1(target, path, options);
  const session = await RawSession.open(target, { exclusive: true });
  try {
    return await session.connect(path, options);
  } catch (error) {
    session.destroy();
    throw error;
  }
}

/** Opens an HTTP/2 connection for many sockets and requests. */
export function openSession(
  target: Target,
  options?: Pick<SessionOptions, 'settings'>,
): Promise<RawSession> {
  return RawSession.open(target, options);
}

/** Sends an ordinary request on a connection of its own. */
export async function request(target: Target, plainRequest: PlainRequest): Promise<HttpAnswer> {
  if (!isHttp2(target.transport)) return requestHttp1(target, plainRequest);
  const session = await RawSession.open(target);
  try {
    return await session.request(plainRequest);
  } finally {
    session.destroy();
  }
}
