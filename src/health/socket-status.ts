/** How many sockets a gateway has open on one HTTP version. */
export interface SocketCount {
  /** As the service names it, such as its path. */
  readonly gateway: string;
  /** Of the handshake: `1.1` or `2.0`. */
  readonly httpVersion: string;
  readonly open: number;
}

/**
 * What the health endpoints need to know of the sockets. The application binds it to whatever keeps
 * them, so that neither side knows the other; see {@link HealthModule.forRoot}.
 */
export abstract class SocketStatus {
  /** True from the moment the application is told to stop: no new sockets are taken. */
  abstract readonly isDraining: boolean;

  /** One entry for each gateway and HTTP version with open sockets. */
  abstract counts(): readonly SocketCount[];
}
