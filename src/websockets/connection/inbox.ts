import { WebSocketMessage } from './web-socket-message.js';

/** Above this, reading stops; below half of it, it goes on. */
const HIGH_MARK_BYTES = 64 * 1024;

/** What a waiting message costs besides its data, so that empty ones are bounded too. */
const MESSAGE_OVERHEAD_BYTES = 64;

/** Messages that wait for somebody to take them. */
export class Inbox {
  private messages: WebSocketMessage[] = [];
  private head = 0;
  private bytes = 0;

  get isEmpty(): boolean {
    return this.head === this.messages.length;
  }

  get isFull(): boolean {
    return this.bytes > HIGH_MARK_BYTES;
  }

  get hasRoom(): boolean {
    return this.bytes <= HIGH_MARK_BYTES / 2;
  }

  add(data: Buffer, isBinary: boolean): void {
    this.messages.push(new WebSocketMessage(data, isBinary));
    this.bytes += data.length + MESSAGE_OVERHEAD_BYTES;
  }

  take(): WebSocketMessage | undefined {
    if (this.isEmpty) return undefined;
    const message = this.messages[this.head++];
    this.bytes -= message.data.length + MESSAGE_OVERHEAD_BYTES;
    if (this.isEmpty) {
      this.messages = [];
      this.head = 0;
    }
    return message;
  }

  clear(): void {
    this.messages = [];
    this.head = 0;
    this.bytes = 0;
  }
}
