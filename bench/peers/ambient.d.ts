// Of packages that are installed into bench/.peers only: just what the peers use of them.

declare module '@fastify/websocket' {
  import type { FastifyPluginAsync } from 'fastify';
  import type { WebSocket } from 'ws';

  const fastifyWebSocket: FastifyPluginAsync<{ options?: { maxPayload?: number } }>;
  export default fastifyWebSocket;

  global {
    interface FastifyWebSocketRoute {
      (path: string, options: { websocket: true }, handler: (socket: WebSocket) => void): unknown;
    }
  }
}

declare module '@nestjs/platform-socket.io' {
  import type { INestApplicationContext, WebSocketAdapter } from '@nestjs/common';

  export class IoAdapter implements WebSocketAdapter {
    constructor(app: INestApplicationContext);
    create(port: number, options?: object): unknown;
    createIOServer(port: number, options?: object): unknown;
    bindClientConnect(server: unknown, callback: (...args: unknown[]) => void): void;
    bindMessageHandlers(...args: never[]): void;
    close(server: unknown): Promise<void>;
  }
}

interface BunServerWebSocket {
  send(data: string | Buffer): number;
}

declare const Bun: {
  gc(force: boolean): void;
  serve(options: {
    hostname: string;
    port: number;
    fetch(request: Request, server: { upgrade(request: Request): boolean }): Response | undefined;
    websocket: {
      perMessageDeflate: boolean;
      message(socket: BunServerWebSocket, message: string | Buffer): void;
    };
  }): { port: number };
};
