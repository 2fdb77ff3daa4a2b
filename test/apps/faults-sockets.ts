import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { CloseOutcome, WebSocketOptions } from '../../src/websockets/index.js';
import {
  type ConnectOptions,
  connect,
  openSession,
  type RawSocket,
} from '../support/raw-client.js';
import { isHttp2, type Target, type TransportName } from '../support/transports.js';
import { type Complaint, useTestApps } from './events-test-app.js';
import { eventually } from './eventually.js';
import { Doormen, FaultsApp, type Session, Sessions } from './faults.app.js';

/** Both ends of one socket. */
export interface Ends extends Session {
  readonly client: RawSocket;
}

/** Opens sockets, each with the server's side of it. */
export interface Opener {
  open(path: string, options?: ConnectOptions): Promise<Ends>;
  /** As `open`, all sockets on one connection where the transport can do that. */
  openOnOne(count: number, path: string, options?: ConnectOptions): Promise<Ends[]>;
  target(): Target;
  /** The next handshake that waits at `/guarded`. */
  doorman(): Promise<(isWelcome: boolean) => void>;
  /** What was logged as a warning or worse. */
  complaints(): readonly Complaint[];
}

/** The application of `faults.app.ts` for the enclosing `describe`, on one transport. */
export function useFaultsApp(
  transport: TransportName,
  options: Partial<WebSocketOptions> = {},
): Opener {
  const apps = useTestApps(FaultsApp, options);
  const nextSession = (): Promise<Session> =>
    apps().appFor(transport).get(Sessions).next('a session');
  const target = (): Target => apps().targetFor(transport);
  return {
    target,
    doorman: () => apps().appFor(transport).get(Doormen).next('a handshake at the guard'),
    complaints: () => apps().log.complaints,
    async open(path, connectOptions) {
      const client = await connect(target(), path, connectOptions);
      return { client, ...(await nextSession()) };
    },
    async openOnOne(count, path, connectOptions) {
      const session = isHttp2(transport) ? await openSession(target()) : undefined;
      const all: Ends[] = [];
      for (let index = 0; index < count; index++) {
        const client = session
          ? await session.connect(path, connectOptions)
          : await connect(target(), path, connectOptions);
        all.push({ client, ...(await nextSession()) });
      }
      return all;
    },
  };
}

/** The socket works: what is sent comes back. */
export async function expectEcho(client: RawSocket, text = 'still here'): Promise<void> {
  client.send(text);
  expect(String((await client.nextMessage()).data)).toBe(text);
}

/** How a clean end looks on the transport. */
export const cleanEnd = (transport: TransportName): 'end_stream' | 'fin' =>
  isHttp2(transport) ? 'end_stream' : 'fin';

/** How many round trips of another socket nothing may have changed in, so that it stands still. */
const QUIET_ROUND_TRIPS = 40;

/** Waits until `measure` gives the same again and again while `busy` has its echoes. */
export async function standstill<T>(busy: RawSocket, measure: () => T): Promise<T> {
  let last = measure();
  let quiet = 0;
  await eventually(
    'everything to stand still',
    async () => {
      await expectEcho(busy, 'tick');
      const now = measure();
      quiet = isDeepStrictEqual(now, last) ? quiet + 1 : 0;
      last = now;
      return quiet >= QUIET_ROUND_TRIPS;
    },
    60_000,
  );
  return last;
}

/** All that the server has read so far has been looked at: for what must not happen. */
export async function roundTrips(client: RawSocket, count = 3): Promise<void> {
  for (let index = 0; index < count; index++) await expectEcho(client, `round trip ${index}`);
}

/** What user code was told at the end of the socket, which it must be told once. */
export async function endOf({ ends }: Session): Promise<CloseOutcome> {
  const outcome = await ends.next('the end of the connection');
  await setImmediate();
  expect(ends.length).toBe(0);
  return outcome;
}
