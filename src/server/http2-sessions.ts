import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';

/** How long a client may take to close the connection after a GOAWAY, in milliseconds. */
const GOAWAY_LINGER = 5_000;

/** Times after which an HTTP/2 connection without an open stream is closed, in milliseconds. */
export interface SessionTimeouts {
  /** Until the client's SETTINGS frame, with which its preface ends; 0 = no limit. */
  readonly handshake: number;
  /** After the last stream was closed, and before the first one is opened. */
  readonly idle: number;
}

/** Watches over the HTTP/2 connections: idle ones are closed, all of them at the server's end. */
export class Http2Sessions {
  private readonly open = new Set<ServerHttp2Session>();
  private closing = false;

  constructor(private readonly timeouts: SessionTimeouts) {}

  /** To be called in the turn in which the session was created. */
  add(session: ServerHttp2Session): void {
    this.open.add(session);
    session.once('close', () => this.open.delete(session));
    session.once('connect', (_session: unknown, socket: Socket) => {
      if (this.closing) session.close();
      else this.closeWhenIdle(session, socket);
    });
  }

  /** Sends GOAWAY on every connection; open streams go on. */
  close(): void {
    this.closing = true;
    for (const session of this.open) session.close();
  }

  private closeWhenIdle(session: ServerHttp2Session, socket: Socket): void {
    const { handshake, idle } = this.timeouts;
    let openStreams = 0;
    let timer: NodeJS.Timeout | undefined;

    const giveUp = (): void => {
      session.close();
      // A session that was closed is done, and yet waits for the peer to close the connection.
      timer = setTimeout(() => socket.destroy(), GOAWAY_LINGER);
    };
    const awaitStream = (): void => {
      timer = setTimeout(giveUp, idle);
    };
    const onStreamClose = (): void => {
      openStreams -= 1;
      if (openStreams === 0 && !session.closed) awaitStream();
    };

    if (handshake > 0) timer = setTimeout(() => socket.destroy(), handshake);
    session.once('remoteSettings', () => {
      clearTimeout(timer);
      if (openStreams === 0) awaitStream();
    });
    session.on('stream', (stream: ServerHttp2Stream) => {
      clearTimeout(timer);
      openStreams += 1;
      stream.once('close', onStreamClose);
    });
    socket.once('close', () => clearTimeout(timer));
  }
}
