import { setImmediate as turn } from 'node:timers/promises';
import { useTestApps } from '../apps/events-test-app.js';
import type { RawSocket } from '../support/raw-client.js';
import { isHttp2, transports } from '../support/transports.js';
import { bothEnds, cleanEnd } from './apps/both-ends.js';
import { ChecklistApp } from './apps/checklist.app.js';
import { sampleBytes } from './sample.js';

/** The clock of these tests: so many Pings, which the server sends after silence. */
async function pings(socket: RawSocket, count: number): Promise<void> {
  for (let seen = 0; seen < count; seen++) await socket.nextPing();
}

describe('times that end with the handshake', () => {
  const times = { handshakeTimeout: 50, keepAliveInterval: 100, keepAliveTimeout: 100 };
  const apps = useTestApps(ChecklistApp, times);

  it.each(transports)(
    'K2-06 IsNotLimitedByMinRequestBodyDataRate, MW-23 AcceptingWebSocketRequestDisablesTimeout, UP2-08 KeepAliveTimeoutDoesNotApply over %s',
    async (transport) => {
      apps().appFor(transport).getHttpServer().keepAliveTimeout = 50;
      const { client, server } = await bothEnds(apps(), transport);
      await pings(client, 2);
      client.send('still here');
      expect(String(await server.receive())).toBe('still here');
      client.destroy();
    },
  );
});

describe('a client that answers no ping', () => {
  const apps = useTestApps(ChecklistApp, { keepAliveInterval: 40, keepAliveTimeout: 40 });

  it.each(transports)('IO-10, MW-24 PingTimeoutCancelsReceiveAsync over %s', async (transport) => {
    const { client, server } = await bothEnds(apps(), transport, { autoPong: false });
    expect(await server.receive()).toBeUndefined();
    expect(await server.closed).toMatchObject({ code: 1006, wasClean: false, endedBy: 'server' });
    expect((await client.ended()).how).toBe(isHttp2(transport) ? 'rst_stream' : 'fin');
  });
});

describe('a client that answers every ping', () => {
  const apps = useTestApps(ChecklistApp, { keepAliveInterval: 50, keepAliveTimeout: 60_000 });

  it.each(transports)(
    'KA-01 is pinged after each interval of silence over %s',
    async (transport) => {
      const { client } = await bothEnds(apps(), transport);
      await pings(client, 3);
      client.destroy();
    },
  );
});

/** RFC 6455, section 5.5.1: what was sent before the Close frame goes first, also to a slow one. */
describe('a client that does not read for a while', () => {
  const apps = useTestApps(ChecklistApp, { keepAliveInterval: 250, keepAliveTimeout: 250 });
  const PART = 64 * 1024;

  it.each(transports)('CL-01 gets everything, and the Close frame, over %s', async (transport) => {
    const { client, server } = await bothEnds(apps(), transport);
    const clock = await bothEnds(apps(), transport);
    client.pause();
    let sent = 0;
    while (server.bufferedAmount < 4 * PART) {
      server.send(sampleBytes(PART));
      sent++;
      await turn();
    }
    client.close(1000, 'bye');
    await pings(clock.client, 4);

    client.resume();
    for (let got = 0; got < sent; got++) {
      expect((await client.nextMessage()).data.length).toBe(PART);
    }
    expect(await client.closeFrame()).toEqual({ code: 1000, reason: 'bye' });
    expect(await client.ended()).toEqual(cleanEnd(transport));
    clock.client.destroy();
  });
});
