import { useTestApps } from '../apps/events-test-app.js';
import { FailingHandshakesApp } from '../apps/failing-handshakes.app.js';
import { exchange, request } from '../support/raw-client.js';
import { transports } from '../support/transports.js';

const apps = useTestApps(FailingHandshakesApp);

const BODY = JSON.stringify({ text: 'x'.repeat(10_000), last: 'byte' });
const upgradeTo = (token: string, connection = 'close'): string[] => [
  `Upgrade: ${token}`,
  `Connection: Upgrade, HTTP2-Settings, ${connection}`,
  'HTTP2-Settings: AAMAAABkAAQAAP__',
];

const post = (...headers: string[]): string =>
  ['POST /body HTTP/1.1', 'Host: x', 'Content-Type: application/json', ...headers, '', ''].join(
    '\r\n',
  );

const lengthOf = (body: string): string => `Content-Length: ${Buffer.byteLength(body)}`;
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

describe.each(transports.filter((name) => name === 'h1' || name === 'h1-tls'))(
  'an Upgrade that nobody speaks over %s',
  (transport) => {
    const send = async (bytes: string | string[]): Promise<string> => {
      const { port } = apps().targetFor(transport);
      return (await exchange(port, bytes, { transport })).text;
    };

    it.each(['h2c', 'TLS/1.3', 'h2c, foo/2'])(
      'to %s is ignored, the body intact',
      async (token) => {
        const answer = await send(post(...upgradeTo(token), lengthOf(BODY)) + BODY);
        expect(answer).toMatch(/^HTTP\/1\.1 201 /);
        expect(answer).toContain(JSON.stringify({ body: JSON.parse(BODY) }));
      },
    );

    it('has its body intact if it comes later, in parts', async () => {
      const parts = [BODY.slice(0, 1), BODY.slice(1, 5000), BODY.slice(5000)];
      const answer = await send([post(...upgradeTo('h2c'), lengthOf(BODY)), ...parts]);
      expect(answer).toContain(JSON.stringify({ body: JSON.parse(BODY) }));
    });

    it('has its body intact if it comes in chunks', async () => {
      const chunks = [chunk(BODY.slice(0, 10)), chunk(BODY.slice(10)), '0\r\n\r\n'];
      const head = post(...upgradeTo('h2c'), 'Transfer-Encoding: chunked');
      expect(await send([head, ...chunks])).toContain(JSON.stringify({ body: JSON.parse(BODY) }));
      expect(await send([head, ...chunks].join(''))).toContain('"last":"byte"');
    });

    it('is followed by requests as any other', async () => {
      const requests = [
        post(...upgradeTo('h2c', 'keep-alive'), lengthOf('{"n":1}')) + '{"n":1}',
        post(lengthOf('{"n":2}')) + '{"n":2}',
        post(...upgradeTo('h2c'), lengthOf('{"n":3}')) + '{"n":3}',
      ];
      const answers = await send(requests.join(''));
      expect(answers.match(/\{"n":\d\}/g)).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
    });

    it('to a WebSocket, with a body, is an ordinary request too', async () => {
      const webSocket = ['Upgrade: websocket', 'Connection: Upgrade, close', lengthOf(BODY)];
      expect(await send(post(...webSocket) + BODY)).toContain('"last":"byte"');
    });
  },
);

it.each(transports)('a body over %s comes back as it was', async (transport) => {
  const answer = await request(apps().targetFor(transport), {
    path: '/body',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: BODY,
  });
  expect(answer.json()).toEqual({ body: JSON.parse(BODY) });
});
