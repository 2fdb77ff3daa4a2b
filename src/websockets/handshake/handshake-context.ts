import { Inject, Injectable } from '@nestjs/common';
import { ConnectionRegistry } from '../connection/connection-registry.js';
import { WEB_SOCKET_OPTIONS, type WebSocketOptions } from '../web-socket-options.js';

/** What every handshake of the application needs. */
@Injectable()
export class HandshakeContext {
  constructor(
    readonly registry: ConnectionRegistry,
    @Inject(WEB_SOCKET_OPTIONS) readonly webSocketOptions: WebSocketOptions,
  ) {}
}
