import { Agent, buildConnector, type Dispatcher, H2CClient, WebSocket } from 'undici';
import { within } from '../deadline.js';
import { isHttp2, originOf, type Target, type TransportName } from '../transports.js';
import {
  type ThirdPartyClient,
  type ThirdPartyOptions,
  ThirdPartySocket,
  webSocketUrl,
} from './client.js';

/** The WebSocket of undici, which Node itself ships; over TLS it insists on the HTTP version. */
export function undiciClient(transport: TransportName): ThirdPartyClient {
  // undici 7.30 neither opens nor fails a WebSocket whose extended CONNECT was refused.
  return {
    name: `undici over ${transport}`,
    transport,
    reportsRefusal: !isHttp2(transport),
    connect,
  };
}

async function connect(
  target: Target,
  path: string,
  { subprotocols = [], headers }: ThirdPartyOptions = {},
): Promise<ThirdPartySocket> {
  const dispatcher = dispatcherFor(target);
  const socket = new WebSocket(webSocketUrl(target, path), {
    protocols: [...subprotocols],
    headers: { ...headers },
    dispatcher,
  });
  socket.binaryType = 'arraybuffer';
  const client = new ThirdPartySocket(socket, () => void dispatcher.destroy());
  socket.addEventListener('message', ({ data }: { data: string | ArrayBuffer }) => {
    if (typeof data === 'string') client.messageReceived(Buffer.from(data), false);
    else client.messageReceived(Buffer.from(data), true);
  });
  socket.addEventListener('close', ({ code, reason }) => {
    client.hasClosed({ code, reason });
    void dispatcher.destroy();
  });
  const opened = new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', ({ message, error }) => {
      reject(new Error(`undici did not open the socket: ${message}`, { cause: error }));
    });
  });
  await within(opened, `undici to open ${path} over ${target.transport}`);
  return client;
}

function dispatcherFor(target: Target): Dispatcher {
  if (target.transport === 'h2c') return new H2CClient(originOf(target));
  return new Agent({ allowH2: isHttp2(target.transport), connect: strictConnector(target) });
}

/** Connects, and fails where ALPN does not choose the version that the transport stands for. */
function strictConnector({ transport }: Target): buildConnector.connector {
  const allowH2 = isHttp2(transport);
  const connector = buildConnector({ allowH2, rejectUnauthorized: false });
  return (options, callback) =>
    connector(options, (...[error, socket]) => {
      if (error) return callback(error, null);
      const chosen = 'alpnProtocol' in socket ? socket.alpnProtocol : false;
      if (allowH2 === (chosen === 'h2')) return callback(null, socket);
      socket.destroy();
      return callback(new Error(`ALPN chose ${String(chosen)} for ${transport}`), null);
    });
}
