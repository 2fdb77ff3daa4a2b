import { randomBytes } from 'node:crypto';
import { BadRequestException, HttpException, ServiceUnavailableException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { upgradeOf, type Upgrade } from '../../server/index.js';
import { ConnectionEndpoint } from '../connection/connection-endpoint.js';
import type { ConnectionOptions } from '../connection/connection-options.js';
import type { Endpoint } from '../connection/endpoint.js';
import { Timed } from '../connection/timer-wheel.js';
import { WebSocketConnection } from '../connection/web-socket-connection.js';
import { negotiate, type NegotiatedDeflate } from '../compression/index.js';
import { acceptOf, isValidKey, parseSubprotocols } from './handshake-headers.js';
import type { HandshakeContext } from './handshake-context.js';
import { takeOverReply } from './reply-takeover.js';

const VERSION = '13';
/** For logs alone: nobody is there to read the answer. */
const CLIENT_LEFT = 499;

const RETRY_AFTER_SECONDS = '5';

/** What one accept does differently from the application's WebSocket options. */
export interface AcceptOptions extends Partial<ConnectionOptions> {
  /**
   * What the server speaks, in order of preference; the first that the client offered is taken,
   * and none in common means no subprotocol (RFC 6455, section 4.2.2).
   */
  readonly subprotocols?: readonly string[];
  /** More headers for the answer, besides those that were set on the reply. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/**
 * A request as a WebSocket handshake, the same on HTTP/1.1 and HTTP/2. Refuse it by throwing an
 * `HttpException`, or take it with `accept`.
 */
export class Handshake extends Timed {
  /** Subprotocols that the client offered, in its order. */
  readonly subprotocols: readonly string[];

  private readonly upgrade: Upgrade | undefined;
  private readonly problem: (() => HttpException) | undefined;
  /** @internal once it was accepted */
  connection: WebSocketConnection | undefined;

  /** @internal made by the hook that `registerHandshakes` adds */
  constructor(
    readonly request: FastifyRequest,
    private readonly reply: FastifyReply,
    private readonly context: HandshakeContext,
  ) {
    super();
    this.upgrade = upgradeOf(request.raw);
    const offered = parseSubprotocols(this.header('sec-websocket-protocol'));
    this.subprotocols = offered ?? [];
    this.problem = this.findProblem(offered !== undefined);
  }

  /** Whether the request is a complete and correct handshake, so that it can be accepted. */
  get isWebSocketRequest(): boolean {
    return this.problem === undefined;
  }

  /** Of the request, also if it is no WebSocket request. */
  get httpVersion(): '1.1' | '2.0' {
    return this.request.raw.httpVersionMajor >= 2 ? '2.0' : '1.1';
  }

  /** The Origin header; absent if the client is no browser. */
  get origin(): string | undefined {
    return this.header('origin');
  }

  /** Path parameters, as the route names them. */
  get params(): Readonly<Record<string, string>> {
    return this.request.params as Record<string, string>;
  }

  /** @throws HttpException that says what is wrong with the request as a handshake */
  assertWebSocketRequest(): void {
    if (this.problem !== undefined) throw this.problem();
  }

  /**
   * Answers 101 on HTTP/1.1 or 200 on HTTP/2 and opens the connection. It lives until it is closed,
   * whether or not the controller action that accepted it has returned.
   *
   * @throws HttpException 400, 426 or 503 if the request cannot be accepted
   */
  async accept(options: AcceptOptions = {}): Promise<WebSocketConnection> {
    const { subprotocols, headers, ...overrides } = options;
    const { webSocketOptions, registry } = this.context;
    const endpoint = new ConnectionEndpoint(
      this.request.routeOptions.url ?? '',
      { ...webSocketOptions, ...overrides },
      registry,
    );
    return this.open(endpoint, subprotocols, headers);
  }

  /** @internal as `accept`, for an endpoint that many connections share */
  open(
    endpoint: Endpoint,
    subprotocols: readonly string[] = [],
    headers: AcceptOptions['headers'] = {},
  ): WebSocketConnection {
    this.assertWebSocketRequest();
    this.assertCanOpen();
    const subprotocol = subprotocols.find((name) => this.subprotocols.includes(name)) ?? '';
    const deflate = this.negotiateCompression(endpoint.options.compression);
    const id = randomBytes(9).toString('base64url');
    const transport = this.upgrade!.accept({
      ...definedHeaders(this.reply.getHeaders()),
      ...headers,
      ...this.answerHeaders(subprotocol, deflate),
    });
    this.settle();
    this.connection = new WebSocketConnection(
      transport,
      endpoint,
      id,
      this.httpVersion,
      subprotocol,
      deflate,
    );
    takeOverReply(this.reply, this.connection);
    return this.connection;
  }

  /** @internal the handshake was answered, so that its time is no longer limited */
  settle(): void {
    this.context.registry.wheel.cancel(this);
  }

  /** @internal limits the time until the answer */
  start(): void {
    const { handshakeTimeout } = this.context.webSocketOptions;
    if (handshakeTimeout > 0) this.context.registry.wheel.schedule(this, handshakeTimeout);
  }

  override onDue(): void {
    if (!this.reply.sent) this.reply.send(this.unavailable('Handshake timed out'));
  }

  /** @internal @throws HttpException 503 when the application stops */
  assertNotDraining(): void {
    if (this.context.registry.isDraining) throw this.unavailable('Server shutting down');
  }

  /** Only now, for until here a connection that has just been reset may still be counted. */
  private assertCanOpen(): void {
    this.assertNotDraining();
    if (this.context.registry.isFull) throw this.unavailable('Too many connections');
    if (this.connection !== undefined) throw new Error('The handshake was accepted already');
    if (this.upgrade?.isAbandoned) throw new HttpException('The client has left', CLIENT_LEFT);
    if (this.reply.sent) throw new Error('The handshake was answered already');
  }

  private header(name: string): string | undefined {
    const value = this.request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  private findProblem(hasValidSubprotocols: boolean): (() => HttpException) | undefined {
    const isHttp2 = this.httpVersion === '2.0';
    if (this.upgrade === undefined) return () => this.upgradeRequired();
    const key = this.header('sec-websocket-key');
    if (isHttp2 ? key !== undefined && !isValidKey(key) : !isValidKey(key ?? '')) {
      return () => new BadRequestException('Sec-WebSocket-Key must be 16 bytes in base64');
    }
    if (this.header('sec-websocket-version') !== VERSION) return () => this.versionRequired();
    if (!hasValidSubprotocols) {
      return () => new BadRequestException('Sec-WebSocket-Protocol must list different tokens');
    }
    return undefined;
  }

  /** 426 needs an Upgrade header (RFC 9110, 15.5.22), which HTTP/2 forbids (RFC 9113, 8.2.2). */
  private upgradeRequired(): HttpException {
    if (this.httpVersion === '2.0') {
      return new BadRequestException('Not a WebSocket request: use extended CONNECT (RFC 8441)');
    }
    this.askForUpgrade();
    return upgradeRequired('Not a WebSocket request: use Upgrade');
  }

  /** RFC 6455, section 4.4. */
  private versionRequired(): HttpException {
    this.reply.header('sec-websocket-version', VERSION);
    const message = `Sec-WebSocket-Version must be ${VERSION}`;
    if (this.httpVersion === '2.0') return new BadRequestException(message);
    this.askForUpgrade();
    return upgradeRequired(message);
  }

  /** Setting Connection takes it out of Node's hands, so that it has to say `close` too. */
  private askForUpgrade(): void {
    const connection = this.reply.raw.shouldKeepAlive ? 'Upgrade' : 'Upgrade, close';
    this.reply.header('upgrade', 'websocket').header('connection', connection);
  }

  private unavailable(message: string): HttpException {
    this.reply.header('retry-after', RETRY_AFTER_SECONDS);
    return new ServiceUnavailableException(message);
  }

  private negotiateCompression(
    compression: ConnectionOptions['compression'],
  ): NegotiatedDeflate | undefined {
    if (compression === false) return undefined;
    return negotiate(this.header('sec-websocket-extensions'), compression);
  }

  private answerHeaders(
    subprotocol: string,
    deflate: NegotiatedDeflate | undefined,
  ): Record<string, string> {
    const headers: Record<string, string> = {};
    const key = this.header('sec-websocket-key');
    // RFC 8441 has no key; a client that sends one all the same (undici) wants its answer.
    if (key !== undefined) headers['sec-websocket-accept'] = acceptOf(key);
    if (subprotocol !== '') headers['sec-websocket-protocol'] = subprotocol;
    if (deflate !== undefined) headers['sec-websocket-extensions'] = deflate.response;
    return headers;
  }
}

function upgradeRequired(message: string): HttpException {
  const statusCode = 426;
  return new HttpException({ statusCode, message, error: 'Upgrade Required' }, statusCode);
}

function definedHeaders(
  headers: Record<string, number | string | string[] | undefined>,
): Record<string, string | string[]> {
  const defined: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) defined[name] = typeof value === 'number' ? String(value) : value;
  }
  return defined;
}
