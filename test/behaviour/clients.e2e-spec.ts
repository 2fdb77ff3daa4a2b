import { type CloseStatus, connect, type Message } from '../support/raw-client.js';
import { thirdPartyClients } from '../support/third-party-clients.js';
import { isHttp2, type Target, type TransportName, transports } from '../support/transports.js';
import { usePair } from '../support/use-service.js';

interface Client {
  readonly name: string;
  readonly transport: TransportName;
  connect(target: Target, path: string): Promise<Socket>;
}

interface Socket {
  readonly subprotocol: string;
  send(data: string | Uint8Array): void;
  nextMessage(): Promise<Message>;
  close(code?: number, reason?: string): void;
  closed(): Promise<CloseStatus>;
}

const clients: Client[] = [
  ...thirdPartyClients,
  ...transports.filter(isHttp2).map(nodeHttp2Client),
];

const services = usePair();

describe.each(clients)('$name', ({ transport, connect }) => {
  const open = (path: string): Promise<Socket> => connect(services().targetFor(transport), path);

  it.each(['/ws', '/connect'])('is returned text and binary by %s', async (path) => {
    const socket = await open(path);
    const messages = ['text', Buffer.from('binary'), 'ünïcödé 😀', '', Buffer.alloc(70_000, 'x')];
    for (const message of messages) {
      socket.send(message);
      const { data, isBinary } = await socket.nextMessage();
      expect(data.toString()).toBe(message.toString());
      expect(isBinary).toBe(typeof message !== 'string');
    }
    socket.close(1000);
    await socket.closed();
  });

  it('gets no subprotocol', async () => {
    const socket = await open('/ws');
    expect(socket.subprotocol).toBe('');
    socket.close(1000);
    await socket.closed();
  });

  it('is echoed the code and reason that it closes with', async () => {
    const socket = await open('/ws');
    socket.close(4001, 'bye');
    expect(await socket.closed()).toEqual({ code: 4001, reason: 'bye' });
  });

  it('is told the code and reason that the server closes with', async () => {
    const socket = await open('/ping-pong');
    expect((await socket.nextMessage()).data.toString()).toBe('ping');
    socket.send('wrong');
    expect(await socket.closed()).toEqual({ code: 1000, reason: "Expected 'pong'" });
  });
});

/** `node:http2` as it is, and frames written by hand. */
function nodeHttp2Client(transport: TransportName): Client {
  return {
    name: `node:http2 over ${transport}`,
    transport,
    connect: async (target, path) => {
      const socket = await connect(target, path);
      return {
        subprotocol: socket.subprotocol ?? '',
        send: (data) => socket.send(data),
        nextMessage: () => socket.nextMessage(),
        close: (code, reason) => socket.close(code, reason),
        closed: async () => {
          const close = await socket.closeFrame();
          socket.destroy();
          return close;
        },
      };
    },
  };
}
