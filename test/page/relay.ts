import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** TCP between the browser and the service: counts connections, holds bytes back, cuts the line. */
export class Relay {
  connections = 0;
  private held = false;
  private readonly pairs = new Map<Socket, Socket>();

  private constructor(
    private readonly server: Server,
    servicePort: number,
  ) {
    server.on('connection', (fromBrowser) => this.join(fromBrowser, servicePort));
  }

  static async to(servicePort: number): Promise<Relay> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Relay(server, servicePort);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** From now on nothing that the browser sends gets through. */
  hold(): void {
    this.held = true;
    for (const [fromBrowser, toService] of this.pairs) fromBrowser.unpipe(toService);
  }

  release(): void {
    this.held = false;
    for (const [fromBrowser, toService] of this.pairs) fromBrowser.pipe(toService);
  }

  cut(): void {
    for (const fromBrowser of this.pairs.keys()) fromBrowser.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(fromBrowser: Socket, servicePort: number): void {
    const toService = connect(servicePort, '127.0.0.1');
    this.connections += 1;
    this.pairs.set(fromBrowser, toService);
    if (!this.held) fromBrowser.pipe(toService);
    toService.pipe(fromBrowser);
    for (const [socket, other] of [
      [fromBrowser, toService],
      [toService, fromBrowser],
    ]) {
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        other.destroy();
        this.pairs.delete(fromBrowser);
      });
    }
  }
}
