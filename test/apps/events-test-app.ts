import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { type DynamicModule, type LoggerService, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  createOnePortServer,
  type RequestHandler,
  type TlsCredentials,
} from '../../src/server/index.js';
import {
  WebSocketAdapter,
  type WebSocketOptions,
  WebSocketsModule,
} from '../../src/websockets/index.js';
import { localhostCertificate } from '../support/certificates.js';
import { Inbox } from '../support/inbox.js';
import { isTls, type Target, type TransportName } from '../support/transports.js';

/** Sockets that a test left open are not waited for. */
const SHUTDOWN_TIMEOUT_MS = 500;

/** A warning or worse. */
export interface Complaint {
  readonly level: 'warn' | 'error' | 'fatal';
  readonly context: string;
  readonly message: string;
}

/** Nest's logger of this process: keeps the complaints, drops the rest. */
export class ComplaintLog implements LoggerService {
  complaints: Complaint[] = [];
  #inbox = new Inbox<Complaint>();

  readonly warn = this.#keep('warn');
  readonly error = this.#keep('error');
  readonly fatal = this.#keep('fatal');

  log(): void {}

  /** The next complaint that was not taken, made already or not. */
  next(): Promise<Complaint> {
    return this.#inbox.next('a line in the log');
  }

  clear(): void {
    this.complaints = [];
    this.#inbox = new Inbox();
  }

  #keep(level: Complaint['level']) {
    return (message: unknown, ...rest: unknown[]): void => {
      const complaint = { level, context: String(rest.at(-1)), message: textOf(message) };
      this.complaints.push(complaint);
      this.#inbox.put(complaint);
    };
  }
}

const textOf = (message: unknown): string =>
  message instanceof Error ? message.message : inspect(message);

/** The same application twice, plain and over TLS, so that it is served on all transports. */
export interface TestApps {
  readonly log: ComplaintLog;
  appFor(transport: TransportName): NestFastifyApplication;
  targetFor(transport: TransportName): Target;
}

/** An application made of `module` and the library's public face, for the enclosing `describe`. */
export function useTestApps(
  module: Type,
  webSockets: Partial<WebSocketOptions> = {},
): () => TestApps {
  const log = new ComplaintLog();
  const apps: NestFastifyApplication[] = [];
  const appFor = (transport: TransportName): NestFastifyApplication =>
    apps[Number(isTls(transport))];
  beforeAll(async () => {
    apps.push(await listen(module, { webSockets, logger: log }));
    apps.push(await listen(module, { webSockets, logger: log, tls: await localhostCertificate() }));
  });
  beforeEach(() => log.clear());
  afterAll(async () => {
    await Promise.all(apps.map((app) => app.close()));
  });
  return () => ({
    log,
    appFor,
    targetFor: (transport) => {
      const { port } = appFor(transport).getHttpServer().address() as AddressInfo;
      return { transport, port };
    },
  });
}

/** How to start an application; it is silent without a logger. */
export interface ListenOptions {
  readonly webSockets?: Partial<WebSocketOptions>;
  readonly logger?: LoggerService | false;
  readonly tls?: TlsCredentials;
}

@Module({})
class TestAppModule {
  static of(module: Type, options: Partial<WebSocketOptions>): DynamicModule {
    const shutdownTimeout = SHUTDOWN_TIMEOUT_MS;
    return {
      module: TestAppModule,
      imports: [WebSocketsModule.forRoot({ shutdownTimeout, ...options }), module],
    };
  }
}

/** Starts an application on a free port. */
export async function listen(
  module: Type,
  { webSockets = {}, logger = false, tls }: ListenOptions = {},
): Promise<NestFastifyApplication> {
  const serverFactory = (handler: RequestHandler) =>
    createOnePortServer({ tls, closeTimeout: SHUTDOWN_TIMEOUT_MS }, handler);
  const app = await NestFactory.create<NestFastifyApplication>(
    TestAppModule.of(module, webSockets),
    new FastifyAdapter({ serverFactory }),
    { logger, abortOnError: false },
  );
  try {
    app.useWebSocketAdapter(new WebSocketAdapter(app));
    await app.listen(0, '127.0.0.1');
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}
