import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import { connect, type RawSocket } from '../support/raw-client.js';
import { isHttp2, type TransportName } from '../support/transports.js';
import { usePair } from '../support/use-service.js';

/** What ALPN chooses of the protocols that a client offers. */
async function alpnOf(port: number, ALPNProtocols: string[]): Promise<string | false | null> {
  const socket = connectTls({ port, host: '127.0.0.1', ALPNProtocols, rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect');
    return socket.alpnProtocol;
  } finally {
    socket.destroy();
  }
}

async function greet(socket: RawSocket): Promise<void> {
  socket.send('Hello');
  expect(String((await socket.nextMessage()).data)).toBe('Hello');
  socket.close(1000, 'Server closed');
  expect(await socket.closeFrame()).toEqual({ code: 1000, reason: 'Server closed' });
  const how = isHttp2(socket.wire.transport) ? 'end_stream' : 'fin';
  expect(await socket.ended()).toEqual({ how });
}

describe('HttpVersionNegotationWorks', () => {
  const services = usePair();
  const open = (transport: TransportName): Promise<RawSocket> =>
    connect(services().targetFor(transport), '/ws');

  it.each([
    ['IO-1 ws, exactly HTTP/1.1; so do IO-3 and IO-4, for there is no ALPN', 'h1'],
    ['IO-2 ws, exactly HTTP/2', 'h2c'],
    ['IO-5 wss, exactly HTTP/1.1', 'h1-tls'],
    ['IO-6 wss, exactly HTTP/2', 'h2-tls'],
  ] as const)('%s', async (_name, transport) => {
    await greet(await open(transport));
  });

  it.each([
    ['IO-7 wss, HTTP/1.1 or higher: HTTP/2', ['h2', 'http/1.1'], 'h2'],
    ['IO-8 wss, HTTP/2 or lower: HTTP/2', ['http/1.1', 'h2'], 'h2'],
    ['IO-11 wss, a client without HTTP/2', ['http/1.1'], 'http/1.1'],
  ])('%s', async (_name, offered, chosen) => {
    expect(await alpnOf(services().tls.port, offered)).toBe(chosen);
  });

  it('IO-12 a client without ALPN speaks HTTP/1.1', async () => {
    expect(await alpnOf(services().tls.port, [])).toBe(false);
  });
});

describe('HttpVersionNegotationWorks with HTTP2=false', () => {
  const services = usePair({ HTTP2: 'false' });

  it('IO-9 wss, any version, of a server that has HTTP/1.1 only', async () => {
    expect(await alpnOf(services().tls.port, ['h2', 'http/1.1'])).toBe('http/1.1');
    await greet(await connect(services().targetFor('h1-tls'), '/ws'));
  });

  it('IO-9b ws, of a server that has HTTP/1.1 only', async () => {
    await greet(await connect(services().targetFor('h1'), '/ws'));
  });
});
