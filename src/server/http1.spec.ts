import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { upgradeOf, type RequestHandler, type Upgrade } from './index.js';
import { createCertificate } from './testing/certificate.js';
import { RawClient, upgradeLines } from './testing/raw-client.js';
import { acceptAll, describeRequest, echo, TestServer } from './testing/test-server.js';

const tls = createCertificate();

describe.each([
  ['plain', {}],
  ['plain, without HTTP/2', { http2: false }],
  ['TLS', { tls }],
])('HTTP/1.1, %s', (_name, options) => {
  let server: TestServer;
  afterEach(() => server.close());

  const start = async (handler = describeRequest, more = {}): Promise<RawClient> => {
    server = await TestServer.start({ ...options, ...more }, handler);
    return RawClient.connect(server);
  };

  describe('requests', () => {
    it('serves one after another on a connection', async () => {
      server = await TestServer.start(options, describeRequest);
      const { request, Agent } = server.secure ? https : http;
      const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
      const ports = new Set<number | undefined>();
      for (const path of ['/1', '/2']) {
        const call = request(server.origin + path, { agent, method: 'POST' }).end('body');
        const [response] = (await once(call, 'response')) as [http.IncomingMessage];
        ports.add(response.socket.localPort);
        const body = Buffer.concat(await response.toArray());
        expect(body.toString()).toBe(`<POST ${path} body>`);
      }
      agent.destroy();
      expect(ports.size).toBe(1);
    });

    it.each(['G', 'P', 'PR'])('are recognised when "%s" comes first, alone', async (part) => {
      const method = ['GET', 'POST', 'PROPFIND'].find((name) => name.startsWith(part)) ?? '';
      const client = await start();
      client.write(part);
      // The server has read the first part when it has answered another client.
      const other = await RawClient.connect(server);
      other.request(['GET / HTTP/1.1', 'Host: x']);
      await other.receive('>');
      client.request([`${method.slice(part.length)} /path HTTP/1.1`, 'Host: x']);
      await client.receive(`<${method} /path >`);
    });
  });

  describe('upgrades', () => {
    it('are accepted with 101 and the headers given', async () => {
      const client = await start(echo);
      client.request(upgradeLines());
      const head = await client.receive('\r\n\r\n');
      expect(head.split('\r\n')).toEqual([
        'HTTP/1.1 101 Switching Protocols',
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Protocol: chat',
        '',
        '',
      ]);
      client.write('first');
      await client.receive('first');
    });

    it('keep the bytes right behind the head', async () => {
      const client = await start(echo);
      client.request(upgradeLines(), 'early');
      await client.receive('early');
      client.write('later');
      expect(await client.receive('later')).toMatch(/earlylater$/);
    });

    it('keep the bytes that arrive until they are accepted, and until they are read', async () => {
      const upgrades = new EventEmitter();
      const client = await start((request) => upgrades.emit('upgrade', upgradeOf(request)));
      const asked = once(upgrades, 'upgrade') as Promise<[Upgrade]>;
      client.request(upgradeLines(), 'a');
      const [upgrade] = await asked;
      client.write('b');
      const { stream } = upgrade.accept({});
      await client.receive('101');
      client.write('c');
      expect(stream.readableFlowing).toBeNull();
      stream.on('data', (data: Buffer) => stream.write(data));
      await client.receive('abc');
    });

    it('are refused with an ordinary answer, whatever came behind them', async () => {
      const client = await start();
      client.request(upgradeLines(), 'GET /next HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(10_000));
      const answer = await client.closed;
      expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n[^]*Connection: close\r\n[^]*refused/);
      expect(answer).not.toContain('/next');
    });

    it('are recognised among other protocols and connection options', async () => {
      const client = await start();
      client.request(upgradeLines('Connection: keep-alive', 'Upgrade: h2c'));
      expect(await client.closed).toContain('403');
    });

    it('wait for the answers to earlier requests', async () => {
      const big = 'x'.repeat(4 * 1024 * 1024);
      const client = await start((request, response) => {
        if (upgradeOf(request)) {
          response.end('last');
        } else if (request.url === '/big') {
          // Written in parts, each when the one before has drained.
          response.write(big);
          response.once('drain', () => response.end('!'));
        } else {
          setImmediate(() => response.end('first,'));
        }
      });
      client.request(['GET /first HTTP/1.1', 'Host: x'], 'GET /big HTTP/1.1\r\nHost: x\r\n\r\n');
      client.request(upgradeLines());
      const answer = await client.closed;
      expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(3);
      expect(answer).toMatch(/first,[^]*x[^]*!\r\n0[^]*last/);
    });

    it('that drain slowly are answered to the end', async () => {
      const big = Buffer.alloc(8 * 1024 * 1024, 'x');
      const client = await start((_request, response) => {
        response.writeHead(404);
        response.write(big);
        response.once('drain', () => response.end('end'));
      });
      client.request(upgradeLines());
      expect(await client.closed).toMatch(/end/);
    });

    it('cannot be accepted when the client has reset the connection', async () => {
      const requests = new EventEmitter();
      const client = await start((...request) => requests.emit('request', ...request));
      const asked = once(requests, 'request') as Promise<Parameters<RequestHandler>>;
      client.request(upgradeLines());
      const [request, response] = await asked;
      client.reset();
      await once(response, 'close');
      expect(() => upgradeOf(request)?.accept({})).toThrow('The client has gone');
    });

    it('close the stream when the client resets the connection behind early frames', async () => {
      const requests = new EventEmitter();
      const client = await start((...request) => requests.emit('request', ...request));
      const asked = once(requests, 'request') as Promise<Parameters<RequestHandler>>;
      client.request(upgradeLines(), 'frames');
      const [request] = await asked;
      const stream = upgradeOf(request)?.accept({}).stream;
      client.reset();
      let closed = 0;
      stream?.on('close', () => {
        closed += 1;
      });
      stream?.resume();
      await new Promise((resolve) => stream?.once('close', resolve));
      expect(closed).toBe(1);
    });

    it('are accepted once, and with headers that cannot break out', async () => {
      const errors: unknown[] = [];
      const client = await start((request) => {
        const upgrade = upgradeOf(request);
        const tries = [{ a: 'b\r\nc: d' }, { 'a\r\nb': 'c' }, { Connection: 'close' }, {}, {}];
        for (const headers of tries) {
          try {
            upgrade?.accept(headers as Record<string, string>);
          } catch (error) {
            errors.push(error);
          }
        }
      });
      client.request(upgradeLines());
      await client.receive('\r\n\r\n');
      expect(errors.map((error) => (error as Error).name)).toEqual([
        'TypeError',
        'TypeError',
        'TypeError',
        'Error',
      ]);
      expect(String(errors[3])).toContain('already accepted');
    });

    it('leave nothing of HTTP on the socket', async () => {
      const accepted = new Promise<Socket>((resolve) => {
        void start(acceptAll(({ stream }) => resolve(stream as Socket))).then((client) => {
          client.request(upgradeLines());
        });
      });
      const socket = await accepted;
      const httpEvents = ['data', 'drain', 'timeout', 'resume', 'pause', 'readable'];
      expect(socket.eventNames().filter((name) => httpEvents.includes(String(name)))).toEqual([]);
      expect(socket).toMatchObject({ parser: null, _httpMessage: null, timeout: 0 });
    });
  });

  it('CONNECT is refused with 405', async () => {
    const client = await start();
    client.request(['CONNECT example.com:443 HTTP/1.1', 'Host: example.com:443'], 'tunnel');
    expect(await client.closed).toMatch(/^HTTP\/1\.1 405 [^]*Allow: \r\n[^]*"statusCode":405/);
  });
});
