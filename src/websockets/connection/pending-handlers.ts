import { Hold, type Inbound } from './inbound.js';

/** Promises of one connection's handlers that may be unsettled before reading waits for them. */
const MAX_PENDING = 128;

/** Follows the promises that handlers return, so that a connection cannot have any number of them. */
export class PendingHandlers {
  private count = 0;

  /** @param onRejection is told why a handler failed */
  constructor(
    private readonly inbound: Inbound,
    private readonly onRejection: (reason: unknown) => void,
  ) {}

  add(result: PromiseLike<unknown>): void {
    if (++this.count >= MAX_PENDING) this.inbound.hold(Hold.Handlers);
    const settle = () => {
      this.count--;
      this.inbound.release(Hold.Handlers);
    };
    result.then(settle, (reason: unknown) => {
      this.onRejection(reason);
      settle();
    });
  }
}
