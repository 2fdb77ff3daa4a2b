import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import type { Type } from '@nestjs/common';
import { type Target, transports } from '../support/transports.js';
import { ComplaintLog, useTestApps } from './events-test-app.js';

/** Something that serves a gateway. */
export interface Host {
  readonly log: ComplaintLog;
  readonly target: Target;
}

/** Nest's own server and WebSocket adapter, for the enclosing `describe`. */
function useNestsOwn(module: Type): () => Host {
  const log = new ComplaintLog();
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
      logger: log,
    });
    app.useWebSocketAdapter(new WsAdapter(app));
    await app.listen(0, '127.0.0.1');
  });
  beforeEach(() => log.clear());
  afterAll(() => app.close());
  return () => {
    const { port } = app.getHttpServer().address() as AddressInfo;
    return { log, target: { transport: 'h1', port } };
  };
}

/** Nest's own adapter, which says what is right, and Wren's on each transport. */
export const hosts: readonly { name: string; useHost: (module: Type) => () => Host }[] = [
  { name: "Nest's WsAdapter", useHost: useNestsOwn },
  ...transports.map((transport) => ({
    name: `Wren over ${transport}`,
    useHost: (module: Type) => {
      const apps = useTestApps(module);
      return () => ({ log: apps().log, target: apps().targetFor(transport) });
    },
  })),
];
