import { once } from 'node:events';
import net from 'node:net';
import type { ServerResponse } from 'node:http';
import { createOnePortServer, type OnePortServer } from './index.js';
import { createCertificate } from './testing/certificate.js';
import { answerOf, connectHttp2, openSocket, openStream } from './testing/http2-client.js';
import { RawClient, upgradeLines } from './testing/raw-client.js';
import { describeRequest, echo, TestServer } from './testing/test-server.js';
import { watchTimers } from './testing/timers.js';

const tls = createCertificate();

const closeOf = (server: OnePortServer): Promise<unknown> =>
  new Promise((resolve) => server.close(resolve));

describe.each([
  ['plain', {}],
  ['TLS', { tls }],
])('close(), %s', (_name, options) => {
  /** Far more than a test may take: what closes in time does so by itself. */
  const patient = { ...options, closeTimeout: 60_000 };

  it('ends at once with idle connections of all kinds', async () => {
    const pendingTimers = watchTimers();
    const server = await TestServer.start(patient, describeRequest);
    const kept = await RawClient.connect(server);
    kept.request(['GET / HTTP/1.1', 'Host: x']);
    await kept.receive('<GET / >');
    const silent = await RawClient.connect(server);
    const session = await connectHttp2(server);
    const goaway = once(session, 'goaway');
    await server.close();
    await Promise.all([kept.closed, silent.closed, goaway]);
    expect(pendingTimers()).toBe(0);
  });

  it('refuses new connections, and lets requests under way be answered', async () => {
    const responses: ServerResponse[] = [];
    const server = await TestServer.start(patient, (_request, response) => {
      responses.push(response);
    });
    const client = await RawClient.connect(server);
    client.request(['GET / HTTP/1.1', 'Host: x']);
    const session = await connectHttp2(server);
    const answer = answerOf(openStream(session, { ':path': '/' }).end());
    while (responses.length < 2) await new Promise((resolve) => setImmediate(resolve));
    const closed = server.close();
    const [error] = await once(net.connect(server.port), 'error').catch((reason) => [reason]);
    expect(error).toHaveProperty('code', 'ECONNREFUSED');
    for (const response of responses) response.end('answer');
    await client.receive('answer');
    expect((await answer).body).toBe('answer');
    await closed;
  });

  it('ends in time, whatever is left', async () => {
    const pendingTimers = watchTimers();
    const server = await TestServer.start({ ...options, closeTimeout: 100 }, echo);
    const socket = await RawClient.connect(server);
    socket.request(upgradeLines());
    await socket.receive('101');
    const session = await connectHttp2(server);
    const stream = openSocket(session);
    await once(stream, 'response');
    const half = await RawClient.connect(server);
    half.write('GET / HTTP/1.1\r\n');
    const unanswered = await RawClient.connectPlain(server);
    // Never ends its own side, not even when it has read the end.
    const stuck = net.connect({ port: server.port, allowHalfOpen: true });
    stuck.on('error', () => undefined).write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    await once(stuck, 'connect');
    await server.close();
    stuck.destroy();
    await Promise.all([socket.closed, half.closed, unanswered.closed]);
    expect(pendingTimers()).toBe(0);
  });

  it('can be called twice, or without having listened', async () => {
    const unused = createOnePortServer(patient, describeRequest);
    expect(await closeOf(unused)).toHaveProperty('code', 'ERR_SERVER_NOT_RUNNING');
    const { server } = await TestServer.start(patient, describeRequest);
    const first = closeOf(server);
    expect(await closeOf(server)).toHaveProperty('code', 'ERR_SERVER_NOT_RUNNING');
    expect(await first).toBeUndefined();
  });

  it('has nothing to do with an error of listen()', async () => {
    const server = await TestServer.start(options, describeRequest);
    const second = createOnePortServer(options, describeRequest);
    const error = new Promise((resolve) => second.once('error', resolve));
    second.listen(server.port, '127.0.0.1');
    expect(await error).toHaveProperty('code', 'EADDRINUSE');
    await server.close();
  });
});
