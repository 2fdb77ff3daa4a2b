import { type RawSocket, type Frame, Opcode } from '../support/raw-client.js';
import { parseCloseStatus } from '../support/raw-client/frame-parser.js';
import { isHttp2 } from '../support/transports.js';
import type { ConformanceCase, ExpectedClose, Received } from './case.js';
import { sync } from './case.js';

/** How long one frame may take on a machine that is busy with other cases. */
const FRAME_DEADLINE_MS = 15_000;

/** The service did something else than the case says. */
export class NotConformant extends Error {
  override readonly name = 'NotConformant';
}

/** Turns the data frames of a message into the message. */
export type Assemble = (frames: readonly Frame[]) => Buffer;

export interface CaseEnvironment {
  /** Resolves when the server has read all that this client has written on any socket. */
  readonly synchronize: () => Promise<unknown>;
  /** Default: the frames' payloads, one behind the other; RSV1 is then a mistake. */
  readonly assemble?: Assemble;
}

/** Goes through a case on a socket that was opened for it; throws where they part. */
export async function runCase(
  socket: RawSocket,
  { send, expect = [], close }: ConformanceCase,
  { synchronize, assemble = concatenate }: CaseEnvironment,
): Promise<void> {
  let met = 0;
  const meet = async (count: number): Promise<void> => {
    for (const end = Math.min(met + count, expect.length); met < end; met++) {
      assertReceived(await nextReceived(socket, assemble), expect[met], met);
    }
  };

  for (const step of typeof send === 'function' ? send() : send) {
    if (step === sync) await synchronize();
    else if ('receive' in step) await meet(step.receive);
    // A server that has refused what came ends the socket, and the rest has nowhere to go.
    else if (socket.wire.stream.writable) socket.sendBytes(step);
  }
  await meet(expect.length);
  if (!close) socket.close(1000);
  await assertClosed(socket, assemble, close ?? { code: 1000, reason: '' });
}

async function assertClosed(
  socket: RawSocket,
  assemble: Assemble,
  expected: ExpectedClose,
): Promise<void> {
  const last = await nextReceived(socket, assemble);
  if (last.kind !== 'close') throw new NotConformant(`instead of Close came ${describe(last)}`);
  const { code, reason } = parseCloseStatus(last.data);
  if (code !== expected.code || (expected.reason ?? reason) !== reason) {
    const wanted = `${expected.code} ${JSON.stringify(expected.reason ?? 'any reason')}`;
    throw new NotConformant(`Close ${wanted} expected, ${code} ${JSON.stringify(reason)} came`);
  }
  const { how } = await socket.ended(FRAME_DEADLINE_MS);
  const clean = isHttp2(socket.wire.transport) ? 'end_stream' : 'fin';
  if (how !== clean) throw new NotConformant(`after the Close frame came ${how}, not ${clean}`);
}

interface Incoming {
  readonly kind: Received['kind'] | 'close';
  readonly data: Buffer;
}

/** The next message or control frame; control frames between fragments come before the message. */
async function nextReceived(socket: RawSocket, assemble: Assemble): Promise<Incoming> {
  const data: Frame[] = fragmentsOf(socket);
  for (;;) {
    const frame = await socket.next(FRAME_DEADLINE_MS);
    const control = controlKinds.get(frame.opcode);
    if (control) return { kind: control, data: frame.payload };
    data.push(frame);
    if (!frame.fin) continue;
    const message = data.splice(0);
    const kind = message[0].opcode === Opcode.Text ? 'text' : 'binary';
    return { kind, data: assemble(message) };
  }
}

const controlKinds = new Map<number, 'ping' | 'pong' | 'close'>([
  [Opcode.Ping, 'ping'],
  [Opcode.Pong, 'pong'],
  [Opcode.Close, 'close'],
]);

const unfinished = new WeakMap<RawSocket, Frame[]>();

function fragmentsOf(socket: RawSocket): Frame[] {
  const frames = unfinished.get(socket) ?? [];
  unfinished.set(socket, frames);
  return frames;
}

function concatenate(frames: readonly Frame[]): Buffer {
  const [first] = frames;
  if (first.rsv1) throw new NotConformant('a compressed message that was not agreed on');
  return frames.length === 1 ? first.payload : Buffer.concat(frames.map(({ payload }) => payload));
}

function assertReceived(actual: Incoming, expected: Received, index: number): void {
  const same = actual.kind === expected.kind && actual.data.equals(expected.data);
  if (same) return;
  const wanted = describe({ ...expected, data: Buffer.from(expected.data) });
  throw new NotConformant(`#${index + 1}: ${wanted} expected, ${describe(actual)} came`);
}

function describe({ kind, data }: Incoming): string {
  const shown = data.subarray(0, 64).toString('hex').replace(/../g, '$& ').trim();
  return `${kind} of ${data.length} bytes <${shown}${data.length > 64 ? ' …' : ''}>`;
}
