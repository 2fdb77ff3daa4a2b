// Run by Bun, not by Node.

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: (request, upgrader) =>
    upgrader.upgrade(request) ? undefined : new Response(null, { status: 426 }),
  websocket: {
    perMessageDeflate: false,
    message: (socket, message) => {
      socket.send(message);
    },
  },
});
process.on('SIGUSR2', () => Bun.gc(true));
console.log(`Listening on http://127.0.0.1:${server.port}`);
