import { connect, type Socket } from 'node:net';
import { type Channel, type ChannelOptions, ignoreBytes, type Receive } from './channel.js';
import * as h2 from './h2-frame.js';
import { type H2FrameHandler, H2Parser } from './h2-parser.js';
import { H2Sender, type SendingStream } from './h2-sender.js';
import type { Target } from './job.js';

const { FrameType, Setting } = h2;

const readBuffer = Buffer.allocUnsafeSlow(256 * 1024);

const LARGEST_WINDOW = 2 ** 31 - 1;
const INITIAL_CONNECTION_WINDOW = 65_535;

/** Received bytes after which the windows are made wide again. */
const WINDOW_REFILL = 2 ** 29;

/** WebSockets on one connection, by extended CONNECT (RFC 8441) with prior knowledge. */
export class H2Session implements H2FrameHandler {
  private readonly socket: Socket;
  private readonly sender: H2Sender;
  private readonly parser = new H2Parser(this);
  private readonly channels: H2Channel[] = [];
  private serverStreamWindow = 65_535;
  private received = 0;
  private onSettings: () => void = () => {};

  private constructor(
    private readonly target: Target,
    private readonly options: ChannelOptions,
    private readonly onFailure: (error: Error) => void,
  ) {
    this.socket = connect({
      host: '127.0.0.1',
      port: target.port,
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (length) => {
          this.read(length);
          return true;
        },
      },
    });
    this.sender = new H2Sender(this.socket);
    this.socket.on('error', onFailure);
    this.socket.on('close', () => onFailure(new Error('The server closed the connection')));
    this.socket.write(h2.PREFACE);
    this.sender.control(
      h2.settings({ [Setting.EnablePush]: 0, [Setting.InitialWindowSize]: LARGEST_WINDOW }),
    );
    this.sender.control(h2.windowUpdate(0, LARGEST_WINDOW - INITIAL_CONNECTION_WINDOW));
  }

  /** Resolves when the server has said that it takes extended CONNECT. */
  static open(target: Target, options: ChannelOptions): Promise<H2Session> {
    return new Promise((resolve, reject) => {
      const session = new H2Session(target, options, (error) => {
        reject(error);
        options.onFailure(error);
      });
      session.onSettings = () => resolve(session);
    });
  }

  openChannel(): Promise<Channel> {
    return new Promise((resolve) => {
      const stream = 1 + 2 * this.channels.length;
      const channel = new H2Channel(stream, this.serverStreamWindow, this.sender, resolve, () =>
        this.destroy(),
      );
      this.channels.push(channel);
      const { path, port } = this.target;
      const { extensions } = this.options;
      this.sender.control(
        h2.headers(stream, {
          ':method': 'CONNECT',
          ':protocol': 'websocket',
          ':scheme': 'http',
          ':authority': `127.0.0.1:${port}`,
          ':path': path,
          'sec-websocket-version': '13',
          ...(extensions === undefined ? {} : { 'sec-websocket-extensions': extensions }),
        }),
      );
    });
  }

  onData(stream: number, chunk: Buffer, start: number, end: number): void {
    const channel = this.channels[stream >> 1];
    channel.received += end - start;
    this.received += end - start;
    channel.receive(chunk, start, end);
    if (this.received > WINDOW_REFILL) this.refillWindows();
  }

  onFrame(type: number, flags: number, stream: number, payload: Buffer): void {
    if (type === FrameType.WindowUpdate) {
      this.widen(stream, payload.readUInt32BE() & LARGEST_WINDOW);
    } else if (type === FrameType.Headers) {
      if (!h2.isStatus200(payload)) throw new Error(`The server refused stream ${stream}`);
      this.channels[stream >> 1].opened();
    } else if (type === FrameType.Settings && (flags & h2.Flag.Ack) === 0) {
      this.readSettings(payload);
    } else if (type === FrameType.Ping && (flags & h2.Flag.Ack) === 0) {
      this.sender.control(h2.frame(FrameType.Ping, h2.Flag.Ack, 0, payload));
    } else if (type === FrameType.ResetStream) {
      throw new Error(`The server reset stream ${stream} with code ${payload.readUInt32BE()}`);
    } else if (type === FrameType.GoAway) {
      throw new Error(`The server sent GOAWAY with code ${payload.readUInt32BE(4)}`);
    }
  }

  private read(length: number): void {
    try {
      this.parser.feed(readBuffer, 0, length);
    } catch (error) {
      this.destroy();
      this.onFailure(error as Error);
    }
  }

  private readSettings(payload: Buffer): void {
    let takesWebSockets = false;
    for (let at = 0; at < payload.length; at += 6) {
      const identifier = payload.readUInt16BE(at);
      const value = payload.readUInt32BE(at + 2);
      if (identifier === Setting.InitialWindowSize) this.serverStreamWindow = value;
      if (identifier === Setting.EnableConnectProtocol) takesWebSockets = value === 1;
    }
    if (!takesWebSockets) throw new Error('The server does not offer extended CONNECT');
    this.sender.control(h2.frame(FrameType.Settings, h2.Flag.Ack, 0, Buffer.alloc(0)));
    this.onSettings();
  }

  private widen(stream: number, increment: number): void {
    if (stream === 0) this.sender.connectionWindow += increment;
    else this.channels[stream >> 1].window += increment;
    this.sender.flushSoon();
  }

  private refillWindows(): void {
    this.sender.control(h2.windowUpdate(0, this.received));
    this.received = 0;
    for (const channel of this.channels) {
      if (channel.received === 0) continue;
      this.sender.control(h2.windowUpdate(channel.stream, channel.received));
      channel.received = 0;
    }
  }

  private destroy(): void {
    this.socket.removeAllListeners('close').destroy();
  }
}

class H2Channel implements Channel, SendingStream {
  receive: Receive = ignoreBytes;
  readonly extensions = '';
  wire: Buffer | undefined;
  position = 0;
  readonly backlog: Buffer[] = [];
  received = 0;

  constructor(
    readonly stream: number,
    public window: number,
    private readonly sender: H2Sender,
    private readonly onOpen: (channel: Channel) => void,
    private readonly closeSession: () => void,
  ) {}

  opened(): void {
    this.onOpen(this);
  }

  prepare(bytes: Buffer): () => void {
    const wire = h2.dataFrames(this.stream, bytes);
    return () => this.sender.enqueue(this, wire);
  }

  /** With the connection: a generator is done with all streams of it at once. */
  destroy(): void {
    this.closeSession();
  }
}
