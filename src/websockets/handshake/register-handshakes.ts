import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { upgradeOf } from '../../server/index.js';
import type { HandshakeContext } from './handshake-context.js';
import { Handshake } from './handshake.js';

const kHandshake = Symbol('handshake');
type HandshakeRequest = FastifyRequest & { [kHandshake]?: Handshake };

const contexts = new WeakMap<object, HandshakeContext>();

/** Makes Fastify route extended CONNECT, and limits the time of every handshake. */
export function registerHandshakes(fastify: FastifyInstance, context: HandshakeContext): void {
  contexts.set(fastify.server, context);
  fastify.addHttpMethod('CONNECT');
  fastify.addHook('onRequest', (request, reply, done) => {
    if (upgradeOf(request.raw) === undefined) {
      done();
      return;
    }
    const handshake = handshakeOf(request, reply);
    try {
      handshake.assertNotDraining();
      handshake.start();
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const isTunnel = request.raw.httpVersionMajor >= 2 && upgradeOf(request.raw) !== undefined;
    if (!isTunnel || reply.statusCode >= 300) {
      done(null, payload);
      return;
    }
    // A 2xx to CONNECT says that the tunnel is open (RFC 9110, section 9.3.6), which it is not.
    const statusCode = 400;
    reply.code(statusCode).header('content-type', 'application/json; charset=utf-8');
    reply.removeHeader('content-length');
    const message = 'This path does not accept a WebSocket';
    done(null, JSON.stringify({ statusCode, message, error: 'Bad Request' }));
  });
  fastify.addHook('onResponse', (request: HandshakeRequest, _reply, done) => {
    request[kHandshake]?.settle();
    done();
  });
  fastify.addHook('onRequestAbort', (request: HandshakeRequest, done) => {
    request[kHandshake]?.settle();
    done();
  });
}

/** The request as a handshake; one object for each request, also for one that is no handshake. */
export function handshakeOf(request: HandshakeRequest, reply: FastifyReply): Handshake {
  const context = contexts.get(request.server.server);
  if (context === undefined) {
    throw new Error('No WebSocketAdapter: call app.useWebSocketAdapter(new WebSocketAdapter(app))');
  }
  return (request[kHandshake] ??= new Handshake(request, reply, context));
}
