import { createRequire } from 'node:module';

// uWebSockets.js is not on npm. It is measured where somebody has put it (see docs/performance.md).

interface UwsSocket {
  send(message: ArrayBuffer, isBinary: boolean): number;
}

interface UwsApp {
  ws(path: string, behavior: object): UwsApp;
  listen(host: string, port: number, callback: (socket: object | false) => void): UwsApp;
}

interface Uws {
  App(): UwsApp;
  DISABLED: number;
  us_socket_local_port(socket: object): number;
}

const require = createRequire(`${process.argv[2]}/`);
const uws = require('uWebSockets.js') as Uws;

uws
  .App()
  .ws('/ws', {
    compression: uws.DISABLED,
    maxPayloadLength: 2 * 1024 * 1024,
    maxBackpressure: 16 * 1024 * 1024,
    message: (socket: UwsSocket, message: ArrayBuffer, isBinary: boolean) => {
      socket.send(message, isBinary);
    },
  })
  .listen('127.0.0.1', 0, (socket) => {
    if (socket === false) throw new Error('Cannot listen');
    console.log(`Listening on http://127.0.0.1:${uws.us_socket_local_port(socket)}`);
  });
