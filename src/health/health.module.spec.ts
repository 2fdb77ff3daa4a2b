import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { HealthModule, type SocketCount, type SocketStatus } from './index.js';

describe('HealthModule', () => {
  let app: INestApplication;
  let origin: string;
  let counts: SocketCount[];
  let isDraining: boolean;
  let whileStopping: () => Promise<void>;

  class Stop implements BeforeApplicationShutdown {
    beforeApplicationShutdown(): Promise<void> {
      return whileStopping();
    }
  }

  beforeEach(async () => {
    counts = [];
    isDraining = false;
    whileStopping = async () => {};
    const status: SocketStatus = {
      get isDraining() {
        return isDraining;
      },
      counts: () => counts,
    };

    @Module({ imports: [HealthModule.forRoot({ useFactory: () => status })], providers: [Stop] })
    class AppModule {}

    app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    origin = await app.getUrl();
  });

  afterEach(() => app.close());

  async function ask(path: string) {
    const response = await fetch(origin + path, { headers: { connection: 'close' } });
    const body: unknown = await response.json();
    return { status: response.status, cache: response.headers.get('cache-control'), body };
  }

  it('reports every check, and open sockets by gateway and HTTP version', async () => {
    counts = [
      { gateway: '/ws', httpVersion: '1.1', open: 2 },
      { gateway: '/ws', httpVersion: '2.0', open: 3 },
      { gateway: '/ping-pong', httpVersion: '2.0', open: 1 },
    ];
    const { status, body } = await ask('/health');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'ok',
      error: {},
      details: {
        eventLoop: {
          status: 'up',
          meanDelayMs: expect.any(Number),
          p99DelayMs: expect.any(Number),
        },
        heap: { status: 'up', usedBytes: expect.any(Number), limitBytes: expect.any(Number) },
        sockets: {
          status: 'up',
          open: 6,
          byGateway: { '/ws': { '1.1': 2, '2.0': 3 }, '/ping-pong': { '2.0': 1 } },
        },
      },
    });
  });

  it('is ready without telling about sockets, and alive without any check', async () => {
    const ready = await ask('/health/ready');
    expect(ready.status).toBe(200);
    expect(ready.body).toMatchObject({ status: 'ok', details: { eventLoop: {}, heap: {} } });
    expect(ready.body).not.toHaveProperty('details.sockets');
    const live = await ask('/health/live');
    expect(live.status).toBe(200);
    expect(live.body).toEqual({ status: 'ok', info: {}, error: {}, details: {} });
  });

  it('is not ready while draining, but alive', async () => {
    isDraining = true;
    for (const path of ['/health', '/health/ready']) {
      const { status, body } = await ask(path);
      expect(status).toBe(503);
      expect(body).toMatchObject({ status: 'shutting_down', details: { eventLoop: {} } });
    }
    expect((await ask('/health/live')).status).toBe(200);
  });

  it('stays alive while the application stops', async () => {
    const statuses: number[] = [];
    whileStopping = async () => {
      await sleep(20);
      statuses.push((await ask('/health/live')).status);
    };
    await app.close();
    expect(statuses).toEqual([200]);
  });

  it('is down when the event loop is kept busy', async () => {
    await sleep(50);
    const end = performance.now() + 1200;
    while (performance.now() < end);
    await sleep(30);
    const { status, body } = await ask('/health/ready');
    expect(status).toBe(503);
    expect(body).toMatchObject({ status: 'error', error: { eventLoop: { status: 'down' } } });
    expect((await ask('/health/live')).status).toBe(200);
  });

  it.each(['/health', '/health/live', '/health/ready'])('%s is never cached', async (path) => {
    expect((await ask(path)).cache).toContain('no-store');
    isDraining = true;
    expect((await ask(path)).cache).toContain('no-store');
  });
});
