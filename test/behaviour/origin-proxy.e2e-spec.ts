import { attempt, type Attempt } from '../apps/origin-attempt.js';
import { isTls, transports } from '../support/transports.js';
import { usePair } from '../support/use-service.js';

const PUBLIC = 'https://app.example.com';

/** What a proxy that ends TLS adds to the request of a page. */
const forwarded = (host: string, proto = 'https'): Attempt['headers'] => ({
  'X-Forwarded-For': '203.0.113.7',
  'X-Forwarded-Host': host,
  'X-Forwarded-Proto': proto,
});

describe.each(['true', '1', '127.0.0.1', 'loopback', '10.0.0.0/8, 127.0.0.0/8'])(
  'behind a proxy that TRUST_PROXY=%s trusts',
  (TRUST_PROXY) => {
    const services = usePair({ TRUST_PROXY });

    describe.each(transports)('over %s', (transport) => {
      const target = () => services().targetFor(transport);

      it.each(['app.example.com', 'app.example.com:443', 'APP.example.com'])(
        'the forwarded host %s counts',
        async (host) => {
          const headers = forwarded(host);
          expect(await attempt(target(), { origin: PUBLIC, headers })).toBe('open');
        },
      );

      it('the forwarded scheme counts', async () => {
        const headers = { 'X-Forwarded-Proto': isTls(transport) ? 'http' : 'https' };
        const authority = 'app.example.com';
        const origin = `${headers['X-Forwarded-Proto']}://${authority}`;
        expect(await attempt(target(), { origin, headers, authority })).toBe('open');
      });

      it.each([
        { what: 'host', headers: forwarded('other.example.com') },
        { what: 'port', headers: forwarded('app.example.com:8443') },
        { what: 'scheme', headers: forwarded('app.example.com', 'http') },
      ])('another forwarded $what is another origin', async ({ headers }) => {
        expect(await attempt(target(), { origin: PUBLIC, headers })).toBe(403);
      });

      it('the host of the connection does not count', async () => {
        const headers = forwarded('other.example.com');
        const authority = 'app.example.com';
        expect(await attempt(target(), { origin: PUBLIC, headers, authority })).toBe(403);
      });
    });
  },
);

describe.each(['false', '0', '10.0.0.0/8'])(
  'behind a proxy that TRUST_PROXY=%s does not trust',
  (TRUST_PROXY) => {
    const services = usePair({ TRUST_PROXY });

    it.each(transports)('what was forwarded does not count over %s', async (transport) => {
      const target = services().targetFor(transport);
      const headers = forwarded('app.example.com');
      expect(await attempt(target, { origin: PUBLIC, headers })).toBe(403);
      const authority = 'app.example.com';
      const origin = `${isTls(transport) ? 'https' : 'http'}://${authority}`;
      const others = forwarded('other.example.com');
      expect(await attempt(target, { origin, headers: others, authority })).toBe('open');
    });
  },
);
