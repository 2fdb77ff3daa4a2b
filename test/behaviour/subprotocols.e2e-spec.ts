import { endOf, useFaultsApp } from '../apps/faults-sockets.js';
import { SUBPROTOCOLS } from '../apps/faults.app.js';
import { refusalOf } from '../apps/refusal-of.js';
import { connect } from '../support/raw-client.js';
import { transports } from '../support/transports.js';

const [NEW, OLD] = SUBPROTOCOLS;

/** In HTTP/1.1 and HTTP/2 alike, a header may come in several lines. */
const inLines = (...lines: string[]) => ({ headers: { 'sec-websocket-protocol': lines } });

describe.each(transports)('subprotocols over %s', (transport) => {
  const { open, target } = useFaultsApp(transport);

  it.each([
    { offer: [NEW, OLD], chosen: NEW },
    { offer: [OLD, NEW], chosen: NEW },
    { offer: ['unknown', OLD], chosen: OLD },
    { offer: [NEW], chosen: NEW },
    { offer: [NEW.toUpperCase(), OLD], chosen: OLD },
    { offer: ['unknown'], chosen: undefined },
    { offer: undefined, chosen: undefined },
  ])('the server prefers: of $offer it takes $chosen', async ({ offer, chosen }) => {
    const session = await open('/subprotocols', { subprotocols: offer });
    const { client, connection } = session;
    expect(client.subprotocol).toBe(chosen);
    expect(client.handshake.headers['sec-websocket-protocol']).toBe(chosen);
    expect(connection.subprotocol).toBe(chosen ?? '');
    client.close(1000);
    expect(await endOf(session)).toMatchObject({ code: 1000 });
  });

  it.each([
    [NEW, 'in the new way'],
    [OLD, 'in the old way'],
    ['unknown', 'in the old way'],
  ])('the gateway sees what was agreed on: %s', async (offer, answer) => {
    const { client } = await open('/subprotocols', { subprotocols: [offer] });
    client.send('hello');
    expect(String((await client.nextMessage()).data)).toBe(answer);
    client.destroy();
  });

  it('a gateway without subprotocols takes none', async () => {
    const { client, connection } = await open('/raw', { subprotocols: [NEW] });
    expect(client.subprotocol).toBeUndefined();
    expect(connection.subprotocol).toBe('');
    client.destroy();
  });

  it.each([
    ['of several lines', inLines(OLD, NEW)],
    ['with much space', inLines(`${OLD} ,\t ${NEW}`)],
  ])('a list %s is one list', async (_name, options) => {
    const { client } = await open('/subprotocols', options);
    expect(client.subprotocol).toBe(NEW);
    client.destroy();
  });

  it.each([
    ['an empty element', `${NEW},,${OLD}`],
    ['an empty list', ''],
    ['only a comma', ','],
    ['a space in a name', 'chat v2'],
    ['a separator in a name', 'chat/v2'],
    ['a quoted name', `"${NEW}"`],
    ['a name twice', `${NEW}, ${NEW}`],
    ['a letter beyond ASCII', 'ch\u00e4t'],
  ])('a malformed list is refused with 400: %s', async (_name, list) => {
    for (const path of ['/subprotocols', '/raw', '/action']) {
      const refusal = await refusalOf(connect(target(), path, inLines(list)));
      expect(refusal).toMatchObject({ status: 400 });
      expect(refusal.json()).toMatchObject({
        message: 'Sec-WebSocket-Protocol must list different tokens',
      });
    }
  });
});
