import { useTestApps } from '../apps/events-test-app.js';
import { Journal, UnsendableApp } from '../apps/events-unsendable.app.js';
import { connect, type RawSocket } from '../support/raw-client.js';
import { transports } from '../support/transports.js';

const EVENTS = [
  'value',
  'promise',
  'observable',
  'intercepted value',
  'intercepted promise',
  'big integer',
];

const apps = useTestApps(UnsendableApp);

const ask = (socket: RawSocket, event: string): boolean => socket.send(JSON.stringify({ event }));

async function nextText(socket: RawSocket): Promise<string> {
  return (await socket.nextMessage()).data.toString();
}

describe.each(transports)('answers to events over %s', (transport) => {
  const open = () => connect(apps().targetFor(transport), '/unsendable');

  it.each(EVENTS)('that are no JSON (%s) are logged, and others go on', async (event) => {
    const neighbour = await open();
    const socket = await open();
    ask(socket, event);
    const { message } = await apps().log.next();
    expect(message).toMatch(/circular structure|serialize a BigInt/);
    ask(neighbour, 'fine');
    expect(await nextText(neighbour)).toBe('"fine"');
    expect(apps().log.complaints).toHaveLength(1);
    socket.destroy();
    neighbour.destroy();
  });

  it.each(['close', 'reset'] as const)('end with the socket, also by a %s', async (how) => {
    const socket = await open();
    ask(socket, 'endless');
    expect(await nextText(socket)).toBe('"first"');
    socket[how]();
    expect(await apps().appFor(transport).get(Journal).next('the end')).toBe('unsubscribed');
  });
});
