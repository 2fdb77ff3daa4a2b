import { once } from 'node:events';
import { constants } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { Transport } from './index.js';
import { createCertificate } from './testing/certificate.js';
import { connectHttp2, openSocket } from './testing/http2-client.js';
import { RawClient, upgradeLines } from './testing/raw-client.js';
import { acceptAll, TestServer } from './testing/test-server.js';
import { watchTimers } from './testing/timers.js';

const tls = createCertificate();
const { NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR } = constants;

/** Longer than a test takes. */
const FOREVER = 60_000;

/** The client's side of a WebSocket, whose handshake is done. */
interface Peer {
  readonly stream: Duplex;
  /** The code of the RST_STREAM with which the stream was closed; undefined on HTTP/1.1. */
  rstCode(): number | undefined;
  reset(): void;
  readonly closed: Promise<unknown>;
}

async function connectHttp1(server: TestServer): Promise<Peer> {
  const client = await RawClient.connect(server);
  client.request(upgradeLines());
  await client.receive('\r\n\r\n');
  client.socket.removeAllListeners('data').pause();
  return {
    stream: client.socket,
    closed: client.closed,
    rstCode: () => undefined,
    reset: () => client.reset(),
  };
}

async function connectStream(server: TestServer): Promise<Peer> {
  const stream = openSocket(await connectHttp2(server));
  await once(stream, 'response');
  return {
    stream,
    closed: closeOf(stream),
    rstCode: () => stream.rstCode,
    reset: () => stream.close(NGHTTP2_INTERNAL_ERROR),
  };
}

const closeOf = (stream: Duplex): Promise<unknown> =>
  new Promise((resolve) => stream.once('close', resolve));

describe.each([
  ['HTTP/1.1', {}, connectHttp1],
  ['HTTP/1.1 over TLS', { tls }, connectHttp1],
  ['HTTP/2', {}, connectStream],
  ['HTTP/2 over TLS', { tls }, connectStream],
] as const)('Transport, %s', (_name, options, connect) => {
  const isHttp2 = connect === connectStream;
  let server: TestServer;
  let transport: Transport;
  let peer: Peer;
  let transportClosed: Promise<unknown>;
  let closings: number;
  let pendingTimers: () => number;

  beforeEach(async () => {
    closings = 0;
    pendingTimers = watchTimers();
    let accept: (transport: Transport) => void = () => undefined;
    const accepted = new Promise<Transport>((resolve) => {
      accept = resolve;
    });
    server = await TestServer.start(options, acceptAll(accept));
    [peer, transport] = await Promise.all([connect(server), accepted]);
    transportClosed = closeOf(transport.stream);
    transport.stream.on('close', () => {
      closings += 1;
    });
  });
  afterEach(async () => {
    peer.stream.destroy();
    await Promise.all([transportClosed, server.close()]);
    expect(closings).toBe(1);
    expect(pendingTimers()).toBe(0);
  });

  describe('end', () => {
    it('sends what was written, then the end, and closes when the peer has ended', async () => {
      transport.stream.write(Buffer.alloc(3_000_000, 'x'));
      transport.end(FOREVER);
      transport.end(0);
      let received = 0;
      peer.stream.on('data', (data: Buffer | string) => {
        received += data.length;
      });
      peer.stream.resume();
      await new Promise((resolve) => peer.stream.once('end', resolve));
      expect(received).toBe(3_000_000);
      peer.stream.end();
      await Promise.all([transportClosed, peer.closed]);
      expect(peer.rstCode() ?? NGHTTP2_NO_ERROR).toBe(NGHTTP2_NO_ERROR);
    });

    it('closes also when the peer has ended before', async () => {
      peer.stream.resume();
      peer.stream.end('last');
      transport.stream.resume();
      await once(transport.stream, 'end');
      transport.end(FOREVER);
      await Promise.all([transportClosed, peer.closed]);
      expect(peer.rstCode() ?? NGHTTP2_NO_ERROR).toBe(NGHTTP2_NO_ERROR);
    });

    it('sees the end behind everything that the peer still sends', async () => {
      transport.end(FOREVER);
      peer.stream.resume();
      peer.stream.end(Buffer.alloc(8_000_000));
      await transportClosed;
    });

    it('does not wait longer than told for the peer to end', async () => {
      peer.stream.resume();
      transport.end(20);
      await Promise.all([transportClosed, isHttp2 && peer.closed]);
      expect(peer.rstCode() ?? NGHTTP2_NO_ERROR).toBe(NGHTTP2_NO_ERROR);
    });

    it('leaves it to the caller how long the peer may take to read', async () => {
      transport.stream.write(Buffer.alloc(5_000_000));
      transport.end(0);
      peer.stream.resume();
      await Promise.all([transportClosed, isHttp2 && peer.closed]);
      expect(transport.stream.writableFinished).toBe(true);
    });

    it('does not mind that the peer resets the stream', async () => {
      transport.end(FOREVER);
      peer.reset();
      await transportClosed;
    });
  });

  describe('abort', () => {
    const expectCancelled = async (): Promise<void> => {
      await transportClosed;
      peer.stream.resume();
      await peer.closed;
      expect(peer.rstCode() ?? NGHTTP2_CANCEL).toBe(NGHTTP2_CANCEL);
    };

    it('closes at once', async () => {
      transport.abort();
      transport.abort();
      await expectCancelled();
    });

    it('closes at once from within the reading of data', async () => {
      transport.stream.once('data', () => transport.abort());
      peer.stream.write('data');
      await expectCancelled();
    });

    it('closes at once with much to be sent', async () => {
      transport.stream.write(Buffer.alloc(50_000_000));
      transport.abort();
      await expectCancelled();
    });

    it('closes at once from within the reading of data, with much to be sent', async () => {
      transport.stream.write(Buffer.alloc(50_000_000));
      transport.stream.once('data', () => transport.abort());
      peer.stream.write('data');
      await expectCancelled();
    });

    it('closes at once with much to be read', async () => {
      peer.stream.write(Buffer.alloc(500_000));
      await new Promise((resolve) => transport.stream.once('readable', resolve));
      transport.abort();
      await expectCancelled();
    });

    it('cuts short an end', async () => {
      transport.stream.write(Buffer.alloc(50_000_000));
      transport.end(FOREVER);
      transport.abort();
      await expectCancelled();
    });

    it('cuts short an end of which only the peer is late', async () => {
      transport.end(FOREVER);
      peer.stream.resume();
      await new Promise((resolve) => peer.stream.once('end', resolve));
      transport.abort();
      await transportClosed;
    });

    it('does not mind that the peer has reset the stream', async () => {
      transport.stream.resume();
      peer.reset();
      await transportClosed;
      transport.abort();
      transport.end(0);
    });
  });
});
