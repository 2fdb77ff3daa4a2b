import { randomBytes } from 'node:crypto';
import { within } from '../deadline.js';
import { authorityOf, type Target } from '../transports.js';
import { type Connection, dial, resetConnection } from './dial.js';
import {
  BadHandshakeAnswer,
  checkAccepted,
  type ConnectOptions,
  HandshakeAborted,
  HandshakeRefused,
  type HeaderLine,
  headerLines,
  offerHeaders,
} from './handshake.js';
import type { AnswerHeaders } from './http-answer.js';
import { RawSocket } from './raw-socket.js';
import { parseResponse, parseResponseHead, type ResponseHead } from './response-parser.js';
import type { Wire } from './wire.js';

/** Opens a WebSocket by HTTP/1.1 Upgrade on a connection of its own. */
export async function connectHttp1(
  target: Target,
  path: string,
  options: ConnectOptions,
): Promise<RawSocket> {
  const lines = requestLines(target, options);
  const connection = await dial(target, options);
  try {
    const head = requestHead(options.method ?? 'GET', path, lines);
    connection.stream.write(Buffer.concat([head, options.early ?? Buffer.alloc(0)]));
    const answer = await within(
      switchedProtocols(connection),
      `the answer to the handshake for ${path} over ${target.transport}`,
      options.timeoutMs,
    );
    checkUpgraded(answer.headers);
    const handshake = checkAccepted(answer.headers, lines);
    return new RawSocket(wireOf(connection), handshake, options);
  } catch (error) {
    connection.stream.destroy();
    throw error;
  }
}

function requestLines(target: Target, options: ConnectOptions): HeaderLine[] {
  const { protocol = 'websocket' } = options;
  return headerLines(
    [
      ['host', options.authority ?? authorityOf(target)],
      ['connection', protocol === false ? undefined : 'Upgrade'],
      ['upgrade', protocol === false ? undefined : protocol],
      ['sec-websocket-key', options.key ?? randomBytes(16).toString('base64')],
      ...offerHeaders(options),
    ],
    options,
  );
}

function requestHead(method: string, path: string, lines: readonly HeaderLine[]): Buffer {
  const fields = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${fields}\r\n`, 'latin1');
}

/** The head of a 101; the bytes behind it stay in the stream. Any other answer is a refusal. */
function switchedProtocols({ stream, ended }: Connection): Promise<ResponseHead> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    let settled = false;
    const settle = (act: () => void): void => {
      settled = true;
      stream.off('data', onData);
      act();
    };
    const examine = (isEnd: boolean): void => {
      const head = parseResponseHead(received);
      if (head?.status === 101) {
        stream.pause();
        settle(() => resolve(head));
        stream.unshift(received.subarray(head.length));
        return;
      }
      const answer = parseResponse(received, isEnd);
      if (answer) settle(() => reject(new HandshakeRefused(answer)));
    };
    const examineGuarded = (isEnd: boolean): void => {
      try {
        examine(isEnd);
      } catch (error) {
        settle(() => reject(error));
      }
    };
    const onData = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk]);
      examineGuarded(false);
    };
    stream.on('data', onData);
    void ended.then((how) => {
      if (settled) return;
      examineGuarded(how === 'fin');
      settle(() => reject(new HandshakeAborted(how)));
    });
  });
}

function checkUpgraded(headers: AnswerHeaders): void {
  const { upgrade, connection } = headers;
  if (upgrade?.toLowerCase() !== 'websocket') {
    throw new BadHandshakeAnswer(`101 with Upgrade: ${upgrade}`);
  }
  const tokens = connection?.toLowerCase().split(/[\t ]*,[\t ]*/) ?? [];
  if (!tokens.includes('upgrade'))
    throw new BadHandshakeAnswer(`101 with Connection: ${connection}`);
  for (const name of ['content-length', 'transfer-encoding']) {
    if (name in headers) throw new BadHandshakeAnswer(`101 with ${name}`);
  }
}

function wireOf(connection: Connection): Wire {
  const { target, stream, ended } = connection;
  return {
    transport: target.transport,
    stream,
    ended: ended.then((how) => (how === 'local' ? undefined : { how })),
    reset: () => resetConnection(connection),
    destroy: () => stream.destroy(),
  };
}
