import { connect, HandshakeRefused, type RawSocket } from '../support/raw-client.js';
import { type Service, startService } from '../support/service.js';
import type { TransportName } from '../support/transports.js';
import { DocumentedService } from './documented-service.js';

let documented: DocumentedService;
let service: Service;

beforeAll(async () => {
  documented = await DocumentedService.follow('docs/extending.md');
  await documented.build();
  service = await startService({}, documented.main);
}, 180_000);

afterAll(async () => {
  await service?.stop();
  await documented?.remove();
}, 30_000);

async function nextText(socket: RawSocket): Promise<string> {
  const { data } = await socket.nextMessage();
  return data.toString();
}

describe.each<TransportName>(['h1', 'h2c'])(
  'the code of docs/extending.md over %s',
  (transport) => {
    const open = (path: string, headers: Record<string, string> = {}) =>
      connect(service.targetFor(transport), path, { headers });

    it('shouts back, and refuses binary messages', async () => {
      const socket = await open('/shout');
      socket.send('hello');
      expect(await nextText(socket)).toBe('HELLO');
      socket.send(Buffer.from([1]));
      expect(await socket.closeFrame()).toEqual({ code: 1003, reason: 'Expected text' });
    });

    it('lets those with a token into a room, and tells the others', async () => {
      const ann = await open('/rooms/blue', { authorization: 'Bearer token-of-ann' });
      expect(await nextText(ann)).toBe('ann came');
      const bob = await open('/rooms/blue', { authorization: 'Bearer token-of-bob' });
      expect(await nextText(ann)).toBe('bob came');
      expect(await nextText(bob)).toBe('bob came');
      bob.send('hi');
      expect(await nextText(ann)).toBe('bob: hi');
      bob.close(4000, 'bye');
      expect(await nextText(ann)).toBe('bob left with 4000');
      ann.close();
    });

    it('refuses who has no token', async () => {
      const refusal = await open('/rooms/blue').catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(HandshakeRefused);
      expect(refusal).toMatchObject({ status: 401 });
    });

    it('adds', async () => {
      const socket = await open('/sums');
      socket.send(JSON.stringify({ event: 'add', data: [1, 2, 3] }));
      expect(JSON.parse(await nextText(socket))).toEqual({ event: 'sum', data: 6 });
      socket.send(JSON.stringify({ event: 'add', data: 'no list' }));
      expect(JSON.parse(await nextText(socket))).toMatchObject({
        event: 'exception',
        data: { status: 'error', message: 'Expected a list of numbers' },
      });
      socket.close();
    });

    it('counts down', async () => {
      const socket = await open('/countdown/2');
      for (const left of ['2', '1']) {
        socket.send('next');
        expect(await nextText(socket)).toBe(left);
      }
      socket.send('next');
      expect(await socket.closeFrame()).toEqual({ code: 1000, reason: 'Liftoff' });
    });

    it('does not count down from anything', async () => {
      const refusal = await open('/countdown/many').catch((error: unknown) => error);
      expect(refusal).toMatchObject({ status: 400 });
    });
  },
);
