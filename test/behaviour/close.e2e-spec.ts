import { lanes } from '../apps/faults.app.js';
import { cleanEnd, endOf, expectEcho, roundTrips, useFaultsApp } from '../apps/faults-sockets.js';
import { closePayload, encodeFrame, Opcode } from '../support/raw-client.js';
import { transports } from '../support/transports.js';

const byServer = { code: 4001, reason: 'enough', wasClean: true, endedBy: 'server' } as const;
const byPeer = { code: 4002, reason: 'had it', wasClean: true, endedBy: 'peer' } as const;

describe.each(transports)('the closing handshake over %s', (transport) => {
  const { open } = useFaultsApp(transport);

  describe.each(lanes)('on $lane', ({ path, say }) => {
    it('closes from the server, with one outcome for everybody', async () => {
      const session = await open(path);
      const { client, connection } = session;
      const { signal, closed } = connection;
      connection.close(4001, 'enough');
      expect(connection.readyState).toBe(2);
      expect(await client.closeFrame()).toEqual({ code: 4001, reason: 'enough' });

      client.close(4001, 'enough');
      expect(await client.ended()).toEqual({ how: cleanEnd(transport) });
      expect(await closed).toEqual(byServer);
      expect(await connection.closed).toBe(await closed);
      expect(signal).toMatchObject({ aborted: true, reason: byServer });
      expect(connection.readyState).toBe(3);
      expect(await endOf(session)).toEqual(byServer);
    });

    it('closes from the client, code and reason echoed', async () => {
      const session = await open(path);
      const { client, connection } = session;
      const { closed } = connection;
      client.close(4002, 'had it');
      expect(await client.closeFrame()).toEqual({ code: 4002, reason: 'had it' });
      expect(await client.ended()).toEqual({ how: cleanEnd(transport) });
      expect(await closed).toEqual(byPeer);
      expect(connection.signal).toMatchObject({ aborted: true, reason: byPeer });
      expect(await endOf(session)).toEqual(byPeer);
    });

    it('answers an empty Close with 1000', async () => {
      const { client, connection } = await open(path);
      client.close();
      expect(await client.closeFrame()).toEqual({ code: 1000, reason: '' });
      expect(await connection.closed).toEqual({ ...byPeer, code: 1005, reason: '' });
    });

    it('ends once when both sides close at once', async () => {
      const session = await open(path);
      const { client, connection } = session;
      connection.close(4001, 'enough');
      client.close(4002, 'had it');
      expect(await client.closeFrame()).toEqual({ code: 4001, reason: 'enough' });
      expect(await client.ended()).toEqual({ how: cleanEnd(transport) });
      expect(await connection.closed).toEqual(byServer);
      expect(await endOf(session)).toEqual(byServer);
    });

    it('drops what comes behind a Close', async () => {
      const { client, connection } = await open(path);
      const close = encodeFrame({ opcode: Opcode.Close, payload: closePayload(4002, 'had it') });
      client.sendBytes(Buffer.concat([close, encodeFrame({ payload: say('too late') })]));
      expect((await client.next()).opcode).toBe(Opcode.Close);
      expect(await client.ended()).toEqual({ how: cleanEnd(transport) });
      expect(await connection.closed).toEqual(byPeer);
    });

    it('drops messages that come after it has begun to close', async () => {
      const { client, connection } = await open(path);
      connection.close(4001, 'enough');
      client.send(say('crossing'));
      client.close(4001);
      expect((await client.next()).opcode).toBe(Opcode.Close);
      expect(await connection.closed).toEqual(byServer);
    });

    it('terminates at once, and the peer sees no Close frame', async () => {
      const session = await open(path);
      const { client, connection } = session;
      connection.terminate();
      const outcome = { code: 1006, reason: '', wasClean: false, endedBy: 'server' };
      expect(await connection.closed).toEqual(outcome);
      await client.ended();
      await expect(client.closeFrame()).rejects.toThrow('ended the socket');
      expect(await endOf(session)).toEqual(outcome);
    });
  });

  it('keeps to the first code when closed twice, and sends one Close frame', async () => {
    const { client, connection } = await open('/raw');
    connection.close(4001, 'enough');
    connection.close(4003, 'again');
    expect(() => connection.close(1006)).toThrow(RangeError);
    expect(await client.closeFrame()).toEqual({ code: 4001, reason: 'enough' });
    client.close(4001);
    expect(await client.ended()).toEqual({ how: cleanEnd(transport) });
    expect(await connection.closed).toEqual(byServer);
    connection.close(4003);
    connection.terminate();
    expect(await connection.closed).toEqual(byServer);
  });

  it.each([
    ['two-byte characters', 'é'.repeat(100), 'é'.repeat(61)],
    ['four-byte characters', '😀'.repeat(40), '😀'.repeat(30)],
    ['one byte more than fits', 'x'.repeat(124), 'x'.repeat(123)],
    ['just what fits', `${'x'.repeat(121)}é`, `${'x'.repeat(121)}é`],
    ['a character across the border', `${'x'.repeat(122)}é`, 'x'.repeat(122)],
  ])('cuts a reason at 123 bytes: %s', async (_name, reason, cut) => {
    const { client, connection } = await open('/raw');
    connection.close(1000, reason);
    expect(await client.closeFrame()).toEqual({ code: 1000, reason: cut });
    client.close(1000);
    expect(await connection.closed).toMatchObject({ code: 1000, reason: cut });
  });

  it.each([0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_536, -1, 1000.5, Number.NaN])(
    'refuses the code %s, and the connection stays open',
    async (code) => {
      const { client, connection } = await open('/raw');
      expect(() => connection.close(code)).toThrow(RangeError);
      expect(() => connection.close(code)).toThrow('use 1000-1003, 1007-1014 or 3000-4999');
      await expectEcho(client);
      client.destroy();
    },
  );

  it.each([1000, 1001, 1002, 1003, 1007, 1011, 1012, 1013, 1014, 3000, 4999])(
    'sends and takes the code %s',
    async (code) => {
      const [fromServer, fromClient] = [await open('/raw'), await open('/raw')];
      fromServer.connection.close(code);
      fromClient.client.close(code);
      expect(await fromServer.client.closeFrame()).toEqual({ code, reason: '' });
      expect(await fromClient.client.closeFrame()).toEqual({ code, reason: '' });
      fromServer.client.close(code);
      expect(await fromServer.connection.closed).toMatchObject({ code, endedBy: 'server' });
      expect(await fromClient.connection.closed).toMatchObject({ code, endedBy: 'peer' });
    },
  );

  it('sends nothing after it has begun to close', async () => {
    const { client, connection } = await open('/raw');
    connection.send('last words');
    connection.close(4001, 'enough');
    expect(connection.isOpen).toBe(false);
    expect(connection.send('too late')).toBe(false);
    connection.ping();
    expect(String((await client.nextMessage()).data)).toBe('last words');
    expect((await client.next()).opcode).toBe(Opcode.Close);
    client.close(4001);
    expect(await client.ended()).toEqual({ how: cleanEnd(transport) });
  });

  it('gives receive() the messages that came before the Close, then undefined', async () => {
    const { client, connection } = await open('/unread');
    client.send('one');
    client.send('two');
    client.close(4002, 'had it');
    expect(await connection.closed).toEqual(byPeer);
    expect(String(await connection.receive())).toBe('one');
    expect(String(await connection.receive())).toBe('two');
    expect(await connection.receive()).toBeUndefined();
    expect(await connection.receive()).toBeUndefined();
  });

  it('gives those who wait in receive() undefined at the end', async () => {
    const { client, connection } = await open('/unread');
    const waiting = [connection.receive(), connection.receive()];
    client.close(1000);
    expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
  });

  it('gives `closed` and `signal` to those who ask after the end', async () => {
    const { client, connection } = await open('/raw');
    client.close(4002, 'had it');
    await connection.closed;
    expect(connection.signal).toMatchObject({ aborted: true, reason: byPeer });
    expect(await connection.closed).toEqual(byPeer);
    await connection.drained();
    expect(connection.send('nobody is there')).toBe(false);
  });

  it('does not touch other sockets', async () => {
    const [other, { client, connection }] = [await open('/raw'), await open('/raw')];
    client.close(1000);
    await connection.closed;
    await roundTrips(other.client);
    other.client.destroy();
  });
});
