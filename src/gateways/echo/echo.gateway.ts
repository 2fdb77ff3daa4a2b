import { WebSocketGateway } from '@nestjs/websockets';
import {
  type GatewayOptions,
  type OnGatewayMessage,
  OriginGuard,
  UseHandshakeGuards,
  type WebSocketConnection,
} from '../../websockets/index.js';

/** Sends every message back unchanged. */
@UseHandshakeGuards(OriginGuard)
@WebSocketGateway<GatewayOptions>({ path: '/ws' })
export class EchoGateway implements OnGatewayMessage {
  handleMessage(socket: WebSocketConnection, data: Buffer, isBinary: boolean): void {
    socket.send(data, isBinary);
  }
}
