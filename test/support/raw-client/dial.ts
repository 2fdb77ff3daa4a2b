import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { within } from '../deadline.js';
import { forget, track } from '../leftovers.js';
import { authorityOf, hostOf, isHttp2, isTls, type Target } from '../transports.js';

/** A transport connection: `stream` is what HTTP runs on, `tcp` what is below it. */
export interface Connection {
  readonly target: Target;
  /** The TLS socket, or `tcp` itself. */
  readonly stream: Socket;
  readonly tcp: Socket;
  /** How the server ended its side. */
  readonly ended: Promise<ConnectionEnd>;
}

/** `local`: the server did not end it, this client did. */
export type ConnectionEnd = 'fin' | 'reset' | 'local';

export interface DialOptions {
  /** Keep this side open when the server has ended its own. */
  readonly stayHalfOpen?: boolean;
}

/** Opens the TCP connection and, where the transport has it, TLS with the right ALPN protocol. */
export async function dial(target: Target, options: DialOptions = {}): Promise<Connection> {
  const tcp = connectTcp({
    host: hostOf(target),
    port: target.port,
    noDelay: true,
    allowHalfOpen: options.stayHalfOpen,
  });
  const what = `a ${target.transport} connection to ${authorityOf(target)}`;
  try {
    await within(once(tcp, 'connect'), what);
    const stream = isTls(target.transport) ? await within(secure(tcp, target), what) : tcp;
    const connection = { target, stream, tcp, ended: endOf(stream) };
    track(connection, () => stream.destroy());
    stream.once('close', () => forget(connection));
    return connection;
  } catch (error) {
    tcp.destroy();
    throw error;
  }
}

/** Aborts with a TCP RST. */
export function resetConnection({ stream, tcp }: Connection): void {
  tcp.resetAndDestroy();
  stream.destroy();
}

/** TLS over `tcp`, with the ALPN protocol that the transport stands for and no other. */
async function secure(tcp: Socket, target: Target): Promise<Socket> {
  const protocol = isHttp2(target.transport) ? 'h2' : 'http/1.1';
  const stream = connectTls({
    socket: tcp,
    servername: 'localhost',
    ALPNProtocols: [protocol],
    rejectUnauthorized: false,
  });
  await once(stream, 'secureConnect');
  if (stream.alpnProtocol !== protocol) {
    throw new Error(`ALPN chose ${String(stream.alpnProtocol)} instead of ${protocol}`);
  }
  return stream;
}

function endOf(stream: Socket): Promise<ConnectionEnd> {
  return new Promise((resolve) => {
    stream.once('end', () => resolve('fin'));
    stream.on('error', () => resolve('reset'));
    stream.once('close', () => resolve('local'));
  });
}
