import { All, Controller, UseGuards } from '@nestjs/common';
import { Handshake, OriginGuard, WebSocketHandshake } from '../websockets/index.js';

/** A WebSocket accepted by a controller action: the awaitable API, on both HTTP versions. */
@Controller()
export class ConnectController {
  @All('connect')
  @UseGuards(OriginGuard)
  async connect(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    const socket = await handshake.accept();
    for await (const message of socket) {
      socket.send(message.data, message.isBinary);
    }
  }
}
