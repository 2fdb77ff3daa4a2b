import { All, Controller, Module, type Type, UseGuards } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';
import {
  allowOrigins,
  type GatewayOptions,
  Handshake,
  type HandshakeGuard,
  OriginGuard,
  UseHandshakeGuards,
  WebSocketHandshake,
} from '../../src/websockets/index.js';

function gateway(path: string, ...guards: HandshakeGuard[]): Type {
  @UseHandshakeGuards(...guards)
  @WebSocketGateway<GatewayOptions>({ path })
  class Gateway {}
  return Gateway;
}

@Controller('action')
class OriginController {
  @All('setting')
  @UseGuards(OriginGuard)
  async setting(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    await handshake.accept();
  }

  @All('listed')
  @UseGuards(allowOrigins('https://listed.example', 'https://*.wild.example'))
  async listed(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    await handshake.accept();
  }

  @All('self')
  @UseGuards(allowOrigins('self'))
  async self(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    await handshake.accept();
  }

  @All('any')
  @UseGuards(allowOrigins('*'))
  async any(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    await handshake.accept();
  }

  @All('unguarded')
  async unguarded(@WebSocketHandshake() handshake: Handshake): Promise<void> {
    await handshake.accept();
  }
}

/** The same choice of origins for gateways and for actions. */
@Module({
  controllers: [OriginController],
  providers: [
    gateway('/gateway/setting', OriginGuard),
    gateway('/gateway/listed', allowOrigins('https://listed.example', 'https://*.wild.example')),
    gateway('/gateway/self', allowOrigins('self')),
    gateway('/gateway/any', allowOrigins('*')),
    gateway('/gateway/unguarded'),
  ],
})
export class OriginApp {}
