import {
  All,
  type CanActivate,
  Controller,
  Injectable,
  Module,
  Post,
  Req,
  type Type,
  UseGuards,
} from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';
import { NEVER } from 'rxjs';
import {
  type GatewayOptions,
  Handshake,
  type HandshakeGuard,
  UseHandshakeGuards,
  type WebSocketConnection,
  WebSocketHandshake,
} from '../../src/websockets/index.js';
import { Inbox } from '../support/inbox.js';

/** Where the guard of /slow waits until the test lets it go on. */
@Injectable()
export class Gate extends Inbox<'open'> {}

@Injectable()
class GateGuard implements CanActivate {
  constructor(private readonly gate: Gate) {}

  async canActivate(): Promise<boolean> {
    await this.gate.next('the test to open the gate');
    return true;
  }
}

const endless = new Promise<never>(() => undefined);
const neverPromise: CanActivate = { canActivate: () => endless };
const neverObservable: CanActivate = { canActivate: () => NEVER };

function gateway(path: string, ...guards: HandshakeGuard[]): Type {
  @UseHandshakeGuards(...guards)
  @WebSocketGateway<GatewayOptions>({ path })
  class Gateway {
    handleMessage(socket: WebSocketConnection, data: Buffer): void {
      socket.send(data.toString());
    }
  }
  return Gateway;
}

@Controller()
class SlowController {
  @All('action/promise')
  @UseGuards(neverPromise)
  promise(@WebSocketHandshake() handshake: Handshake): Promise<unknown> {
    return handshake.accept();
  }

  @All('action/no-accept')
  noAccept(): Promise<never> {
    return endless;
  }

  @Post('body')
  body(@Req() { body }: { body: unknown }): unknown {
    return { body };
  }
}

/** Handshakes that nobody answers, or too late; and a body that comes back. */
@Module({
  controllers: [SlowController],
  providers: [
    Gate,
    gateway('/promise', neverPromise),
    gateway('/observable', neverObservable),
    gateway('/slow', GateGuard),
    gateway('/echo'),
  ],
})
export class FailingHandshakesApp {}
