import { once } from 'node:events';
import { tlsSettings } from '../support/certificates.js';
import { connect, openSession } from '../support/raw-client.js';
import { dial } from '../support/raw-client/dial.js';
import { startService } from '../support/service.js';
import {
  isHttp2,
  isTls,
  type Target,
  type TransportName,
  transports,
} from '../support/transports.js';

const SHUTDOWN_TIMEOUT_MS = 2_500;

/** What a busy machine may add. */
const MARGIN_MS = 1_500;

/** The preface and an empty SETTINGS frame: the beginning of an HTTP/2 connection. */
const HTTP2_HEAD = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0';

/** A way to stay connected to a service that wants to stop. */
interface Hold {
  readonly what: string;
  /** Default: all. */
  readonly over?: (transport: TransportName) => boolean;
  readonly begin: (target: Target) => Promise<unknown>;
}

/** Writes, waits for an answer, and from then on neither reads nor ends anything. */
async function writeOnly(target: Target, bytes: string): Promise<void> {
  const { stream } = await dial(target, { stayHalfOpen: true });
  stream.write(bytes, 'latin1');
  await once(stream, 'data');
  stream.pause();
}

const isHttp1 = (transport: TransportName): boolean => !isHttp2(transport);

const holds: readonly Hold[] = [
  {
    what: 'a client that does not answer the Close',
    begin: (target) => connect(target, '/ws'),
  },
  {
    what: 'a client of an action that does not answer the Close',
    begin: (target) => connect(target, '/connect'),
  },
  {
    what: 'a client that answers the Close, but does not end its side',
    begin: async (target) => {
      const socket = await connect(target, '/ws', { stayHalfOpen: true });
      void socket.closeFrame().then(() => socket.close(1001));
    },
  },
  {
    what: 'a client that does not read',
    begin: async (target) => {
      const socket = await connect(target, '/ws');
      socket.pause();
      for (let sent = 0; sent < 32; sent++) socket.send(Buffer.alloc(1024 * 1024 - 1));
    },
  },
  {
    what: 'a client in the middle of a message',
    begin: async (target) => {
      const socket = await connect(target, '/ws');
      socket.sendFrame({ payload: 'the beginning', declaredLength: 1000 });
    },
  },
  {
    what: 'a silent connection',
    begin: (target) => dial(target, { stayHalfOpen: true }),
  },
  {
    what: 'a connection without a TLS handshake',
    over: isTls,
    begin: ({ port }) => dial({ transport: 'h1', port }, { stayHalfOpen: true }),
  },
  {
    what: 'a connection that is kept alive',
    over: isHttp1,
    begin: (target) => writeOnly(target, 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n'),
  },
  {
    what: 'half a request',
    over: isHttp1,
    begin: (target) => writeOnly(target, 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET / HT'),
  },
  {
    what: 'half a body',
    over: isHttp1,
    begin: (target) =>
      writeOnly(target, 'POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf'),
  },
  {
    what: 'an idle HTTP/2 connection',
    over: isHttp2,
    begin: (target) => openSession(target),
  },
  {
    what: 'an HTTP/2 connection that does not answer',
    over: isHttp2,
    begin: (target) => writeOnly(target, HTTP2_HEAD),
  },
  {
    what: 'half a body on a stream',
    over: isHttp2,
    begin: async (target) => {
      const { http2 } = await openSession(target);
      const stream = http2.request({ ':method': 'POST', ':path': '/nowhere' });
      stream.write('half');
      await once(stream, 'response');
    },
  },
];

async function stopInTheWayOf(transport: TransportName, inTheWay: readonly Hold[]) {
  const service = await startService({
    SHUTDOWN_TIMEOUT: `${SHUTDOWN_TIMEOUT_MS}ms`,
    ...(isTls(transport) && (await tlsSettings())),
  });
  for (const { begin } of inTheWay) await begin(service.targetFor(transport));
  return service.stop('SIGTERM', SHUTDOWN_TIMEOUT_MS + MARGIN_MS);
}

describe.each(transports)('a service over %s stops within its time', (transport) => {
  const all = holds.filter(({ over }) => over === undefined || over(transport));

  /** Each costs a service and its time; what is not about TLS is tried alone without it. */
  const alone = isTls(transport) ? all.filter(({ over }) => over === isTls) : all;

  it.each(alone)('in spite of $what', async (hold) => {
    expect(await stopInTheWayOf(transport, [hold])).toMatchObject({ code: 0, signal: null });
  });

  it('in spite of all of them', async () => {
    expect(await stopInTheWayOf(transport, all)).toMatchObject({ code: 0, signal: null });
  });
});
