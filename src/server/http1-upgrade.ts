import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { assertAcceptHeaders, type AcceptHeaders } from './accept-headers.js';
import { forwardDrain } from './http1-socket.js';
import { Http1Transport } from './http1-transport.js';
import { lingeringClose, REFUSAL_LINGER } from './lingering-close.js';
import type { Transport, Upgrade } from './transport.js';

/**
 * A response on a socket that `http.Server` has let go. It closes the connection: behind an
 * upgrade that was refused come frames, not requests.
 */
export class FinalResponse extends ServerResponse {
  private readonly stopForwarding: () => void;

  constructor(
    request: IncomingMessage,
    private readonly rawSocket: Socket,
  ) {
    super(request);
    this.shouldKeepAlive = false;
    this.assignSocket(rawSocket);
    this.stopForwarding = forwardDrain(rawSocket, this);
    this.once('finish', () => lingeringClose(rawSocket, REFUSAL_LINGER));
  }

  /** Lets go of the socket, unanswered. */
  release(): void {
    this.stopForwarding();
    this.detachSocket(this.rawSocket);
  }
}

/** An HTTP/1.1 request with `Upgrade: websocket` (RFC 9110, section 7.8). */
export class Http1Upgrade implements Upgrade {
  readonly httpVersion = '1.1';
  readonly protocol = 'websocket';

  private accepted = false;

  constructor(
    private readonly response: FinalResponse,
    private readonly socket: Socket,
  ) {}

  get isAbandoned(): boolean {
    return !this.socket.writable;
  }

  accept(headers: AcceptHeaders): Transport {
    assertAcceptHeaders(headers);
    if (this.accepted) throw new Error('The upgrade was already accepted');
    if (this.response.headersSent) throw new Error('The upgrade was already answered');
    if (this.isAbandoned) throw new Error('The client has gone');
    this.accepted = true;
    this.response.release();
    const { socket } = this;
    socket.setTimeout(0);
    socket.setNoDelay(true);
    socket.write(switchingProtocols(headers), 'latin1');
    return new Http1Transport(socket);
  }
}

function switchingProtocols(headers: AcceptHeaders): string {
  let head = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n';
  for (const [name, value] of Object.entries(headers)) {
    for (const line of Array.isArray(value) ? value : [value]) head += `${name}: ${line}\r\n`;
  }
  return `${head}\r\n`;
}
