import type { AddressInfo } from 'node:net';
import type { WebSocketConnection } from '../../src/websockets/index.js';
import { ConnectionRegistry } from '../../src/websockets/index.js';
import { listen, useTestApps } from '../apps/events-test-app.js';
import { refusalOf } from '../apps/refusal-of.js';
import { localhostCertificate } from '../support/certificates.js';
import { connect, Opcode, openSession, type RawSocket } from '../support/raw-client.js';
import { isHttp2, isTls, transports } from '../support/transports.js';
import { bothEnds, cleanEnd } from './apps/both-ends.js';
import { Accepted, ChecklistApp } from './apps/checklist.app.js';
import { sampleBytes } from './sample.js';

describe('the two ends of a socket', () => {
  const apps = useTestApps(ChecklistApp);

  describe.each(transports)('%s', (transport) => {
    let client: RawSocket;
    let server: WebSocketConnection;
    beforeEach(async () => {
      ({ client, server } = await bothEnds(apps(), transport));
    });
    afterEach(() => client.destroy());

    it.each([
      ['MW-03 SendEmptyData_Success', 0],
      ['MW-04 SendShortData_Success', 16],
      ['MW-05 SendMediumData_Success', 130],
      ['MW-06 SendLongData_Success', 0x1ffff],
    ])('%s', async (_name, length) => {
      client.send(sampleBytes(length));
      expect(await server.receive()).toEqual({ data: sampleBytes(length), isBinary: true });
    });

    it('MW-07 SendFragmentedData_Success: one message of 11 bytes', async () => {
      const parts = [sampleBytes(2), sampleBytes(2), sampleBytes(7)];
      client.sendFrame({ opcode: Opcode.Binary, fin: false, payload: parts[0] });
      client.sendFrame({ opcode: Opcode.Continuation, fin: false, payload: parts[1] });
      client.sendFrame({ opcode: Opcode.Continuation, payload: parts[2] });
      expect(await server.receive()).toEqual({ data: Buffer.concat(parts), isBinary: true });
    });

    it.each([
      ['MW-08 ReceiveShortData_Success', 16],
      ['MW-09 ReceiveMediumData_Success', 130],
      ['MW-10 ReceiveLongData_Success', 0x1ffff],
    ])('%s', async (_name, length) => {
      server.send(sampleBytes(length));
      expect(await client.nextMessage()).toEqual({ data: sampleBytes(length), isBinary: true });
    });

    it('MW-12 SendClose_Success', async () => {
      client.close(1000, 'Test Closed');
      expect(await server.receive()).toBeUndefined();
      expect(await server.closed).toEqual({
        code: 1000,
        reason: 'Test Closed',
        wasClean: true,
        endedBy: 'peer',
      });
    });

    it('MW-13 ReceiveClose_Success', async () => {
      server.close(1000, 'Test Closed');
      expect(await client.closeFrame()).toEqual({ code: 1000, reason: 'Test Closed' });
    });

    it('MW-14 CloseFromOpen_Success', async () => {
      client.close(1000, 'Test Closed');
      expect(await client.closeFrame()).toEqual({ code: 1000, reason: 'Test Closed' });
      expect(await client.ended()).toEqual(cleanEnd(transport));
    });

    it('MW-15 CloseFromCloseSent_Success: what comes between is read', async () => {
      server.send('still open');
      client.close(1000, 'Test Closed');
      expect(String((await client.nextMessage()).data)).toBe('still open');
      expect(await client.ended()).toEqual(cleanEnd(transport));
      expect(await server.closed).toMatchObject({ code: 1000, wasClean: true });
    });

    it('MW-16 CloseFromCloseReceived_Success', async () => {
      server.close(4000, 'Test Closed');
      await client.closeFrame();
      client.close(4000, 'Test Closed');
      expect(await client.ended()).toEqual(cleanEnd(transport));
      expect(await server.closed).toEqual({
        code: 4000,
        reason: 'Test Closed',
        wasClean: true,
        endedBy: 'server',
      });
    });

    it('MW-17 WebSocket_Abort_Interrupts_Pending_ReceiveAsync', async () => {
      const pending = server.receive();
      server.terminate();
      expect(await pending).toBeUndefined();
      expect(server.signal.aborted || (await server.closed)).toBeTruthy();
      expect(await server.closed).toMatchObject({ code: 1006, endedBy: 'server' });
      const { how } = await client.ended();
      expect(how).toBe(isHttp2(transport) ? 'rst_stream' : 'fin');
    });

    it.each([
      ['SR-01 ClientToServerTextMessage', 'Hello, World!', false],
      ['SR-03 ClientToServerBinaryMessage', sampleBytes(50), true],
    ])('%s', async (_name, data, isBinary) => {
      client.send(data);
      expect(await server.receive()).toEqual({ data: Buffer.from(data), isBinary });
    });

    it.each([
      ['SR-02 ServerToClientTextMessage', 'Hello, World!', false],
      ['SR-04 ServerToClientBinaryMessage', sampleBytes(50), true],
    ])('%s', async (_name, data, isBinary) => {
      server.send(data);
      expect(await client.nextMessage()).toEqual({ data: Buffer.from(data), isBinary });
    });

    it('SR-05 ThrowsWhenUnderlyingStreamClosed: an outcome, not an exception', async () => {
      const pending = server.receive();
      client.reset();
      expect(await pending).toBeUndefined();
      expect(await server.closed).toEqual({
        code: 1006,
        reason: '',
        wasClean: false,
        endedBy: 'peer',
      });
      expect(apps().log.complaints).toEqual([]);
    });

    it('UP-01 ResponseThrowsAfterUpgrade, K2-08: an answer after accept reaches nobody', async () => {
      const socket = await connect(apps().targetFor(transport), '/accept-and-answer');
      socket.send('the first');
      expect(String((await socket.nextMessage()).data)).toBe('the first');
      socket.destroy();
    });

    it('UP-03 UpgradeCannotBeCalledMultipleTimes: 1011', async () => {
      const socket = await connect(apps().targetFor(transport), '/accept-twice');
      expect(await socket.closeFrame()).toMatchObject({ code: 1011 });
      socket.destroy();
    });

    it('K2-07 ExtendedCONNECT_IsNotLimitedByMaxRequestBodySize', async () => {
      const size = 1024 * 1024;
      for (let sent = 0; sent < 3; sent++) {
        client.send(sampleBytes(size));
        expect((await server.receive())?.data.length).toBe(size);
      }
    });

    it('UP2-09 Http1Connection_Upgrade: sockets are counted up and down', async () => {
      const registry = apps().appFor(transport).get(ConnectionRegistry);
      const count = { path: '/accept', httpVersion: isHttp2(transport) ? '2.0' : '1.1' };
      expect(registry.counts()).toContainEqual({ ...count, open: 1 });
      client.close(1000);
      await server.closed;
      expect(registry.counts()).toEqual([]);
    });
  });
});

describe('as many sockets as are allowed', () => {
  const apps = useTestApps(ChecklistApp, { maxConnections: 10 });

  it.each(transports)('UP-08 RejectsUpgradeWhenLimitReached over %s', async (transport) => {
    const target = apps().targetFor(transport);
    const session = isHttp2(transport) ? await openSession(target) : undefined;
    const open = (): Promise<RawSocket> =>
      session ? session.connect('/accept') : connect(target, '/accept');
    const accepted = apps().appFor(transport).get(Accepted);
    accepted.forget();
    const clients = await Promise.all(Array.from({ length: 10 }, open));
    const first = await accepted.next();

    const refusal = await refusalOf(open());
    expect(refusal.status).toBe(503);
    expect(refusal.headers['retry-after']).toMatch(/^\d+$/);

    first.terminate();
    await first.closed;
    clients.push(await open());
    for (const client of clients) client.destroy();
    session?.destroy();
  });
});

describe('a stop of the application', () => {
  it.each(transports)('UP-10 DoesNotThrowGivenCanceledReadResult over %s', async (transport) => {
    const tls = isTls(transport) ? await localhostCertificate() : undefined;
    const app = await listen(ChecklistApp, { tls });
    const { port } = app.getHttpServer().address() as AddressInfo;
    const client = await connect({ transport, port }, '/accept');
    const server = await app.get(Accepted).next();
    const pending = server.receive();
    const stopped = app.close();
    expect(await client.closeFrame()).toEqual({ code: 1001, reason: 'Server shutting down' });
    client.close(1001);
    expect(await pending).toBeUndefined();
    expect(await server.closed).toMatchObject({ code: 1001, wasClean: true, endedBy: 'server' });
    await stopped;
    client.destroy();
  });
});
