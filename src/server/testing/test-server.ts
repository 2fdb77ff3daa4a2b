import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createOnePortServer,
  upgradeOf,
  type OnePortServer,
  type OnePortServerOptions,
  type RequestHandler,
  type Transport,
} from '../index.js';

/** A one-port server that listens on a free port of this machine. */
export class TestServer {
  private constructor(
    readonly server: OnePortServer,
    readonly port: number,
    readonly secure: boolean,
  ) {}

  /** Closes at once what is left when it is closed, unless the options say otherwise. */
  static async start(options: OnePortServerOptions, handler: RequestHandler): Promise<TestServer> {
    const server = createOnePortServer({ closeTimeout: 0, ...options }, handler);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address() as AddressInfo;
    return new TestServer(server, address.port, options.tls !== undefined);
  }

  get origin(): string {
    return `${this.secure ? 'https' : 'http'}://127.0.0.1:${this.port}`;
  }

  /** Closes the server, and waits until its sockets have emitted 'close' too. */
  async close(): Promise<void> {
    if (!this.server.listening) return;
    await new Promise((resolve) => this.server.close(resolve));
    // A server counts a socket as gone before the event loop's phase for 'close' has come.
    for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Answers a plain request with its method, path and body; refuses an upgrade with 403. */
export function describeRequest(request: IncomingMessage, response: ServerResponse): void {
  if (upgradeOf(request)) {
    response.writeHead(403, { 'Content-Type': 'text/plain' });
    response.end('refused');
    return;
  }
  let body = '';
  request.setEncoding('latin1').on('data', (text: string) => {
    body += text;
  });
  request.on('end', () => response.end(`<${request.method} ${request.url} ${body}>`));
}

/** Accepts every upgrade and hands over its transport; describes other requests. */
export function acceptAll(onAccept: (transport: Transport) => void): RequestHandler {
  return (request, response) => {
    const upgrade = upgradeOf(request);
    if (upgrade) onAccept(upgrade.accept({ 'Sec-WebSocket-Protocol': 'chat' }));
    else describeRequest(request, response);
  };
}

/** Accepts every upgrade and sends back every byte. */
export const echo = acceptAll(({ stream }) => {
  stream.on('data', (data: Buffer) => stream.write(data));
});
