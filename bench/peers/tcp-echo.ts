import { type AddressInfo, createServer } from 'node:net';

// What Node can do with the same bytes when nobody looks at them.

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.on('data', (data) => socket.write(data));
});
server.listen(0, '127.0.0.1', () => {
  console.log(`Listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
