import { once } from 'node:events';
import { constants } from 'node:http2';
import type { Transport } from './index.js';
import { createCertificate } from './testing/certificate.js';
import { connectHttp2, openSocket } from './testing/http2-client.js';
import { RawClient, upgradeLines } from './testing/raw-client.js';
import { acceptAll, TestServer } from './testing/test-server.js';
import type { Duplex } from 'node:stream';

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
}

async function connectHttp1(server: TestServer): Promise<Peer> {
  const client = await RawClient.connect(server);
  client.request(upgradeLines());
  await client.receive('\r\n\r\n');
  client.socket.removeAllListeners('data').pause();
  return { stream: client.socket, rstCode: () => undefined, reset: () => client.reset() };
}

async function connectStream(server: TestServer): Promise<Peer> {
  const stream = openSocket(await connectHttp2(server));
  await once(stream, 'response');
  return {
    stream,
    rstCode: () => stream.rstCode,
    reset: () => stream.close(NGHTTP2_INTERNAL_ERROR),
  };
}

const closed = (stream: Duplex): Promise<unknown> =>
  stream.closed ? Promise.resolve() : new Promise((resolve) => stream.once('close', resolve));

const timers = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

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
  let closings: number;

  beforeEach(async () => {
    closings = 0;
    let accept: (transport: Transport) => void = () => undefined;
    const accepted = new Promise<Transport>((resolve) => {
      accept = resolve;
    });
    server = await TestServer.start(options, acceptAll(accept));
    [peer, transport] = await Promise.all([connect(server), accepted]);
    transport.stream.on('close', () => {
      closings += 1;
    });
  });
  afterEach(async () => {
    peer.stream.destroy();
    await server.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(closings).toBe(1);
  });

  describe('end', () => {
    it('sends what was written, then the end, and closes when the peer has ended', async () => {
      const before = timers();
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
      await Promise.all([closed(transport.stream), closed(peer.stream)]);
      expect(peer.rstCode() ?? NGHTTP2_NO_ERROR).toBe(NGHTTP2_NO_ERROR);
      expect(timers()).toBeLessThanOrEqual(before);
    });

    it('closes also when the peer has ended before', async () => {
      peer.stream.resume();
      peer.stream.end('last');
      transport.stream.resume();
      await once(transport.stream, 'end');
      transport.end(FOREVER);
      await Promise.all([closed(transport.stream), closed(peer.stream)]);
      expect(peer.rstCode() ?? NGHTTP2_NO_ERROR).toBe(NGHTTP2_NO_ERROR);
    });

    it('sees the end behind everything that the peer still sends', async () => {
      transport.end(FOREVER);
      peer.stream.resume();
      peer.stream.end(Buffer.alloc(8_000_000));
      await closed(transport.stream);
    });

    it('does not wait longer than told for the peer to end', async () => {
      peer.stream.resume();
      transport.end(20);
      await Promise.all([closed(transport.stream), isHttp2 && closed(peer.stream)]);
      expect(peer.rstCode() ?? NGHTTP2_NO_ERROR).toBe(NGHTTP2_NO_ERROR);
    });

    it('does not wait longer than told for the peer to read', async () => {
      transport.stream.write(Buffer.alloc(50_000_000));
      transport.end(20);
      await closed(transport.stream);
      peer.stream.resume();
      await closed(peer.stream);
      expect(peer.rstCode() ?? NGHTTP2_CANCEL).toBe(NGHTTP2_CANCEL);
    });

    it('does not mind that the peer resets the stream', async () => {
      transport.end(FOREVER);
      peer.reset();
      await closed(transport.stream);
    });
  });

  describe('abort', () => {
    const expectCancelled = async (): Promise<void> => {
      await closed(transport.stream);
      peer.stream.resume();
      await closed(peer.stream);
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
      await once(transport.stream, 'readable');
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
      await closed(transport.stream);
    });

    it('does not mind that the peer has reset the stream', async () => {
      transport.stream.resume();
      peer.reset();
      await closed(transport.stream);
      transport.abort();
      transport.end(0);
    });
  });
});
