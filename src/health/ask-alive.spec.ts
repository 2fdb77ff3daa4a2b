import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import { askAlive } from './ask-alive.js';

const fixtures = join(import.meta.dirname, '../config/fixtures');
const tls = {
  cert: readFileSync(join(fixtures, 'localhost.crt')),
  key: readFileSync(join(fixtures, 'localhost.key')),
};

describe('askAlive', () => {
  let server: Server | undefined;

  async function listen(created: Server, host: string): Promise<string> {
    server = created.listen(0, host);
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('Not a TCP server');
    return String(address.port);
  }

  const answer: RequestListener = (request, response) => {
    response.writeHead(request.url === '/health/live' ? 200 : 404).end();
  };

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  it.each(['127.0.0.1', '0.0.0.0'])('finds a service that listens on %s', async (host) => {
    const port = await listen(createServer(answer), host);
    await expect(askAlive({ HOST: host, PORT: port })).resolves.toBeUndefined();
  });

  it('finds a service with TLS, whatever its certificate', async () => {
    const port = await listen(createTlsServer(tls, answer), '127.0.0.1');
    const env = { PORT: port, TLS_CERT_FILE: 'tls.crt' };
    await expect(askAlive(env)).resolves.toBeUndefined();
  });

  it('rejects any answer but 200', async () => {
    const port = await listen(
      createServer((_request, response) => response.writeHead(503).end()),
      '127.0.0.1',
    );
    await expect(askAlive({ PORT: port })).rejects.toThrow('answered 503');
  });

  it('rejects when there is no answer in time', async () => {
    const port = await listen(createServer(), '127.0.0.1');
    await expect(askAlive({ PORT: port })).rejects.toThrow('aborted');
  });

  it('rejects when nobody listens', async () => {
    const port = await listen(createServer(), '127.0.0.1');
    server?.close();
    await expect(askAlive({ PORT: port })).rejects.toThrow('ECONNREFUSED');
  });
});
