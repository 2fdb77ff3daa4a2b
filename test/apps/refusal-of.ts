import { HandshakeRefused } from '../support/raw-client.js';

/** The answer to a handshake that must be refused. */
export async function refusalOf(handshake: Promise<unknown>): Promise<HandshakeRefused> {
  const refusal = await handshake.catch((error: unknown) => error);
  if (refusal instanceof HandshakeRefused) return refusal;
  throw new Error('the handshake was not refused', { cause: refusal });
}
