import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import type { TestServer } from './test-server.js';

/** A client that sends any bytes and keeps all that it gets: for what no HTTP client would do. */
export class RawClient {
  /** Everything that has arrived, one character for each byte. */
  received = '';

  /** Fulfilled with everything that arrived, when the connection is closed. */
  readonly closed: Promise<string>;

  private constructor(
    readonly socket: Socket,
    private readonly tcpSocket: Socket,
  ) {
    socket.setEncoding('latin1').on('data', (text: string) => {
      this.received += text;
    });
    // A server that closes while the client still sends may well reset the connection.
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once('close', () => resolve(this.received));
    });
  }

  /** Connects, over TLS (with ALPN http/1.1) when the server has it. */
  static async connect(server: TestServer): Promise<RawClient> {
    if (!server.secure) return RawClient.connectPlain(server);
    const tcpSocket = net.connect(server.port);
    const socket = tls.connect({
      socket: tcpSocket,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    });
    await once(socket, 'secureConnect');
    return new RawClient(socket, tcpSocket);
  }

  /** Connects without TLS, whatever the server speaks. */
  static async connectPlain(server: TestServer): Promise<RawClient> {
    const socket = net.connect(server.port);
    await once(socket, 'connect');
    return new RawClient(socket, socket);
  }

  write(data: string | Buffer): void {
    this.socket.write(data, 'latin1');
  }

  /** Writes the lines of a head, with the empty one, and what follows it. */
  request(lines: readonly string[], rest = ''): void {
    this.write(`${lines.join('\r\n')}\r\n\r\n${rest}`);
  }

  /** Drops the connection: with a RST, not with a FIN. */
  reset(): void {
    this.tcpSocket.resetAndDestroy();
  }

  /** Waits for a text; fails when the connection is closed before. */
  receive(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (!this.received.includes(text)) return;
        this.socket.off('data', check);
        resolve(this.received);
      };
      this.socket.on('data', check);
      check();
      void this.closed.then(() => reject(new Error(`Closed before "${text}": ${this.received}`)));
    });
  }
}

/** The lines of a good WebSocket handshake, with others put in. */
export function upgradeLines(...lines: readonly string[]): string[] {
  return [
    'GET /socket HTTP/1.1',
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    ...lines,
  ];
}
