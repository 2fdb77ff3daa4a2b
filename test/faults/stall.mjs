// Loaded into the service with NODE_OPTIONS=--import: at SIGUSR2 it keeps the event loop busy for
// STALL_MS, as a handler does that computes for long, and says so when it begins.
const stallMs = Number(process.env.STALL_MS);
const nobody = new Int32Array(new SharedArrayBuffer(4));
let stall = 0;

process.on('SIGUSR2', () => {
  stall++;
  console.log(JSON.stringify({ stall }));
  Atomics.wait(nobody, 0, 0, stallMs);
});
