import { connect, type Socket } from 'node:net';
import { type Channel, type ChannelOptions, ignoreBytes, type Receive } from './channel.js';
import { clientFrame, Opcode } from './frame.js';
import type { Target } from './job.js';

/** Every socket reads into it: what was read is dealt with before the next socket reads. */
const readBuffer = Buffer.allocUnsafeSlow(256 * 1024);

const MAX_HEAD_BYTES = 16 * 1024;
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

/** Opens a WebSocket by HTTP/1.1 Upgrade, or a plain TCP connection. */
export function openH1Channel(target: Target, options: ChannelOptions): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const channel = new H1Channel(target, options.extensions, resolve, (error) => {
      reject(error);
      options.onFailure(error);
    });
    if (target.transport === 'tcp') channel.socket.once('connect', () => resolve(channel));
  });
}

class H1Channel implements Channel {
  receive: Receive = ignoreBytes;
  extensions = '';
  readonly socket: Socket;

  private head = '';
  private state: 'upgrading' | 'joining' | 'open';

  constructor(
    target: Target,
    extensions: string | undefined,
    private readonly onOpen: (channel: Channel) => void,
    private readonly onFailure: (error: Error) => void,
  ) {
    const isTcp = target.transport === 'tcp';
    this.state = isTcp ? 'open' : 'upgrading';
    this.socket = connect({
      host: '127.0.0.1',
      port: target.port,
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (length) => {
          this.read(length, target);
          return true;
        },
      },
    });
    this.socket.on('error', onFailure);
    this.socket.on('close', () => onFailure(new Error('The server closed the connection')));
    if (!isTcp) this.socket.write(upgradeRequest(target, extensions), 'latin1');
  }

  prepare(bytes: Buffer): () => void {
    const { socket } = this;
    return () => {
      socket.write(bytes);
    };
  }

  destroy(): void {
    this.socket.removeAllListeners('close').destroy();
  }

  private read(length: number, target: Target): void {
    try {
      if (this.state === 'open') this.receive(readBuffer, 0, length);
      else if (this.state === 'upgrading') this.readHead(length, target);
      else this.join(readBuffer.toString('latin1', 0, length));
    } catch (error) {
      this.destroy();
      this.onFailure(error as Error);
    }
  }

  private readHead(length: number, target: Target): void {
    const before = this.head.length;
    this.head += readBuffer.toString('latin1', 0, length);
    const end = this.head.indexOf('\r\n\r\n');
    if (end === -1) {
      if (this.head.length > MAX_HEAD_BYTES) throw new Error('The answer has no end');
      return;
    }
    const head = this.head.slice(0, end);
    const rest = this.head.slice(end + 4);
    this.head = '';
    this.assertAccepted(head);
    if (target.encoding === 'socket.io') {
      this.state = 'joining';
      if (rest !== '') this.join(rest);
      return;
    }
    this.state = 'open';
    this.onOpen(this);
    if (rest !== '') this.receive(readBuffer, end + 4 - before, length);
  }

  private assertAccepted(head: string): void {
    if (!head.startsWith('HTTP/1.1 101 ') || !head.includes(ACCEPT)) {
      throw new Error(`The server refused the upgrade: ${head.split('\r\n', 1)[0]}`);
    }
    this.extensions = /^sec-websocket-extensions: *(.*)$/im.exec(head)?.[1].trim() ?? '';
  }

  /** Socket.IO's own handshake: the server's `0{...}`, our `40`, its `40{...}`. */
  private join(bytes: string): void {
    this.head += bytes;
    if (!this.head.endsWith('}')) return;
    if (this.head.includes('40{')) {
      this.head = '';
      this.state = 'open';
      this.onOpen(this);
    } else {
      this.socket.write(clientFrame(Opcode.Text, Buffer.from('40')));
    }
  }
}

function upgradeRequest({ path, port }: Target, extensions: string | undefined): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    `Sec-WebSocket-Key: ${KEY}`,
    'Sec-WebSocket-Version: 13',
    ...(extensions === undefined ? [] : [`Sec-WebSocket-Extensions: ${extensions}`]),
    '\r\n',
  ].join('\r\n');
}
