/** How the ping-pong gateway plays; also its injection token. */
export abstract class PingPongOptions {
  /** Pings that must be answered before the clean close. */
  abstract readonly rounds: number;
  /** Milliseconds from a pong to the next ping, or to the close after the last one. */
  abstract readonly interval: number;
  /** Milliseconds that the client has to answer a ping. */
  abstract readonly timeout: number;
}
