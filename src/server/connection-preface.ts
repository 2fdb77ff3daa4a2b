import type { Socket } from 'node:net';
import { errorResponse } from './error-response.js';
import { lingeringClose, REFUSAL_LINGER } from './lingering-close.js';

/** What every HTTP/2 client sends first (RFC 9113, section 3.4). */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

/** Where a plain connection goes, once it is known what it speaks. */
export interface ProtocolRoutes {
  http1(socket: Socket): void;
  http2(socket: Socket): void;
}

/**
 * Tells HTTP/2 with prior knowledge from HTTP/1.1 on a plain port: by the connection preface. The
 * first byte that differs from it makes the connection HTTP/1.1. Either server gets the socket
 * with every byte still to be read.
 */
export class ConnectionPrefaceDetector {
  private readonly undecided = new Set<Socket>();

  /** @param timeout milliseconds after which a silent client is answered 408; 0 = never. */
  constructor(
    private readonly timeout: number,
    private readonly routes: ProtocolRoutes,
  ) {}

  /** Routes the socket as soon as enough of it has been read. */
  detect(socket: Socket): void {
    let received: Buffer = Buffer.alloc(0);
    let timer: NodeJS.Timeout | undefined;

    const onReadable = (): void => {
      const chunk: Buffer | null = socket.read();
      if (chunk === null) return;
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const length = Math.min(received.length, PREFACE.length);
      const isPrefix = received.subarray(0, length).equals(PREFACE.subarray(0, length));
      if (isPrefix && length < PREFACE.length) return;
      settle();
      socket.unshift(received);
      if (isPrefix) this.routes.http2(socket);
      else this.routes.http1(socket);
    };
    const onEnd = (): void => {
      settle();
      socket.end();
    };
    const onTimeout = (): void => {
      settle();
      socket.write(errorResponse(408, 'No request arrived in time'));
      lingeringClose(socket, REFUSAL_LINGER);
    };
    const settle = (): void => {
      clearTimeout(timer);
      this.undecided.delete(socket);
      socket.off('readable', onReadable).off('end', onEnd).off('close', settle);
    };

    this.undecided.add(socket);
    socket.on('readable', onReadable).on('end', onEnd).on('close', settle);
    if (this.timeout > 0) timer = setTimeout(onTimeout, this.timeout);
  }

  /** Closes the connections on which nobody has said anything that could be answered. */
  destroyUndecided(): void {
    for (const socket of this.undecided) socket.destroy();
  }
}
