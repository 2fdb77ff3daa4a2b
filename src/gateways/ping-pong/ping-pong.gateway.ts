import { WebSocketGateway } from '@nestjs/websockets';
import {
  CloseCode,
  type GatewayOptions,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayMessage,
  OriginGuard,
  UseHandshakeGuards,
  type WebSocketConnection,
} from '../../websockets/index.js';
import { PingPongGame } from './ping-pong.game.js';
import { PingPongOptions } from './ping-pong.options.js';

/** Sends `ping`, expects `pong`, some rounds long, and then closes. */
@UseHandshakeGuards(OriginGuard)
@WebSocketGateway<GatewayOptions>({ path: '/ping-pong' })
export class PingPongGateway implements OnGatewayConnection, OnGatewayMessage, OnGatewayDisconnect {
  private readonly games = new Map<WebSocketConnection, PingPongGame>();

  constructor(private readonly options: PingPongOptions) {}

  handleConnection(socket: WebSocketConnection): void {
    const game = new PingPongGame(socket, this.options);
    this.games.set(socket, game);
    game.ping();
  }

  handleMessage(socket: WebSocketConnection, data: Buffer, isBinary: boolean): void {
    if (isBinary) socket.close(CloseCode.UnsupportedData, 'Expected text');
    else if (data.toString() !== 'pong') socket.close(CloseCode.Normal, "Expected 'pong'");
    else this.games.get(socket)?.pong();
  }

  handleDisconnect(socket: WebSocketConnection): void {
    this.games.get(socket)?.stop();
    this.games.delete(socket);
  }
}
