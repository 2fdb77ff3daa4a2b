import { attempt } from '../apps/origin-attempt.js';
import { refusalOf } from '../apps/refusal-of.js';
import { connect, request } from '../support/raw-client.js';
import { isHttp2, isTls, originOf, type Target, transports } from '../support/transports.js';
import { usePair } from '../support/use-service.js';

const PATHS = ['/ws', '/ping-pong', '/connect'];
const EVIL = 'https://evil.example';

const services = usePair();

/** What may follow from the origin of the service itself. */
type OfSelf = (self: string, target: Target) => string;

const foreign: { what: string; origin: OfSelf }[] = [
  { what: 'another host', origin: () => EVIL },
  { what: 'another name of this host', origin: (self) => self.replace('127.0.0.1', 'localhost') },
  { what: 'a host that begins like this one', origin: (self) => `${self}.evil.example` },
  { what: 'another port', origin: (self, { port }) => self.replace(`${port}`, `${port - 1}`) },
  { what: 'no port', origin: (self, { port }) => self.replace(`:${port}`, '') },
  { what: 'another scheme', origin: (self) => self.replace(/^https?/, otherScheme) },
  { what: 'the scheme of a WebSocket', origin: (self) => self.replace(/^http/, 'ws') },
];

const malformed: { what: string; origin: OfSelf }[] = [
  { what: 'null', origin: () => 'null' },
  { what: 'nothing', origin: () => '' },
  { what: 'no origin at all', origin: () => '¡garbage!' },
  { what: 'no scheme', origin: (self) => self.replace(/^https?:/, '') },
  { what: 'no host', origin: (self) => self.replace(/[^/]+$/, '') },
  { what: 'a port that is none', origin: () => 'http://127.0.0.1:99999' },
  { what: 'a slash', origin: (self) => `${self}/` },
  { what: 'a path', origin: (self) => `${self}/ws` },
  { what: 'a query', origin: (self) => `${self}?` },
  { what: 'a fragment', origin: (self) => `${self}#` },
  { what: 'a backslash', origin: (self) => `${self}\\` },
  { what: 'a user', origin: (self) => self.replace('//', '//user@') },
  { what: 'a list', origin: (self) => `${self}, ${self}` },
  { what: 'a list of the kind of RFC 6454', origin: (self) => `${self} ${self}` },
];

const otherScheme = (scheme: string): string => (scheme === 'http' ? 'https' : 'http');

describe.each(transports)('with self, over %s', (transport) => {
  const target = () => services().targetFor(transport);
  const self = () => originOf(target());
  const scheme = isTls(transport) ? 'https' : 'http';
  const defaultPort = isTls(transport) ? 443 : 80;

  describe.each(PATHS)('%s', (path) => {
    it('is open to clients without an Origin', async () => {
      expect(await attempt(target(), { path })).toBe('open');
    });

    it('is open to pages of this service', async () => {
      expect(await attempt(target(), { path, origin: self() })).toBe('open');
    });

    it('answers others 403 and why, in JSON', async () => {
      const refusal = await refusalOf(connect(target(), path, { headers: { Origin: EVIL } }));
      expect(refusal.status).toBe(403);
      expect(refusal.headers['content-type']).toMatch(/^application\/json\b/);
      expect(refusal.json()).toEqual({
        statusCode: 403,
        message: 'Origin not allowed',
        error: 'Forbidden',
      });
    });
  });

  it('the case of the Origin does not matter', async () => {
    const host = 'app.test';
    const origin = `${scheme}://${host}`.toUpperCase();
    expect(await attempt(target(), { authority: host, origin })).toBe('open');
    const authority = host.toUpperCase();
    expect(await attempt(target(), { authority, origin: `${scheme}://${host}` })).toBe('open');
  });

  it.each(foreign)('$what is another origin', async ({ origin }) => {
    expect(await attempt(target(), { origin: origin(self(), target()) })).toBe(403);
  });

  it.each(malformed)('$what is refused', async ({ origin }) => {
    expect(await attempt(target(), { origin: origin(self(), target()) })).toBe(403);
  });

  it.each([
    { authority: 'app.test', origin: `${scheme}://app.test:${defaultPort}` },
    { authority: `app.test:${defaultPort}`, origin: `${scheme}://app.test` },
    { authority: `app.test:${defaultPort}`, origin: `${scheme}://app.test:${defaultPort}` },
    { authority: `[::1]:${defaultPort}`, origin: `${scheme}://[::1]` },
  ])('$authority is the host of $origin', async ({ authority, origin }) => {
    expect(await attempt(target(), { authority, origin })).toBe('open');
  });

  it('the default port of another scheme is another port', async () => {
    const otherPort = isTls(transport) ? 80 : 443;
    const origin = `${scheme}://app.test`;
    expect(await attempt(target(), { authority: `app.test:${otherPort}`, origin })).toBe(403);
  });

  it('two Origin headers are refused, also if either would pass', async () => {
    expect(await attempt(target(), { origin: [self(), EVIL] })).toBe(403);
    expect(await attempt(target(), { origin: [EVIL, self()] })).toBe(403);
    expect(await attempt(target(), { origin: [self(), self()] })).toBe(403);
  });

  it.each(['/', '/health', '/health/ready'])('GET %s is not refused', async (path) => {
    const answer = await request(target(), { path, headers: { Origin: EVIL } });
    expect(answer.status).toBe(200);
  });

  it.each(PATHS)('GET %s is told that it is no handshake, not where it is from', async (path) => {
    const answer = await request(target(), { path, headers: { Origin: EVIL } });
    expect(answer.status).toBe(isHttp2(transport) ? 400 : 426);
  });
});
