import { attempt } from '../apps/origin-attempt.js';
import { originOf, transports } from '../support/transports.js';
import { usePair } from '../support/use-service.js';

describe('with a list', () => {
  const services = usePair({
    WS_ALLOWED_ORIGINS: [
      'https://App.Listed.example',
      'http://listed.example:8080',
      'https://listed.example:443',
      'https://bücher.example',
      'chrome-extension://abcdefghijklmnop',
      'https://*.example.com',
      'http://*.example.com:8080',
    ].join(', '),
  });

  describe.each(transports)('over %s', (transport) => {
    const target = () => services().targetFor(transport);

    it.each([
      'https://app.listed.example',
      'https://app.listed.example:443',
      'HTTPS://APP.LISTED.EXAMPLE',
      'http://listed.example:8080',
      'https://listed.example',
      'https://xn--bcher-kva.example',
      'chrome-extension://abcdefghijklmnop',
      'https://a.example.com',
      'https://a.example.com:443',
      'https://a.b.example.com',
      'https://A.Example.COM',
      'http://a.example.com:8080',
    ])('%s passes', async (origin) => {
      expect(await attempt(target(), { origin })).toBe('open');
    });

    it.each([
      'http://app.listed.example',
      'https://app.listed.example:8443',
      'https://app.listed.example.evil.net',
      'https://evil-app.listed.example',
      'http://listed.example',
      'https://listed.example:8080',
      'chrome-extension://ponmlkjihgfedcba',
      'https://example.com',
      'https://example.com.evil.net',
      'https://notexample.com',
      'https://a.notexample.com',
      'https://.example.com',
      'https://*.example.com',
      'http://a.example.com',
      'https://a.example.com:8443',
      'https://a.example.com:8080',
      'https://evil.net/.example.com',
      'https://evil.net?.example.com',
      'https://evil.net#.example.com',
      'https://evil.net\\.example.com',
      'https://evil.net:443.example.com',
      'https://evil.net@a.example.com',
      'https://evil.net, https://a.example.com',
      'null',
    ])('%s is refused', async (origin) => {
      expect(await attempt(target(), { origin })).toBe(403);
    });

    it('no Origin passes', async () => {
      expect(await attempt(target())).toBe('open');
    });

    it('the service itself is not listed', async () => {
      expect(await attempt(target(), { origin: originOf(target()) })).toBe(403);
    });

    it('two Origin headers are refused, also if both are listed', async () => {
      const origin = ['https://a.example.com', 'https://b.example.com'];
      expect(await attempt(target(), { origin })).toBe(403);
    });
  });
});

describe('with self and a list', () => {
  const services = usePair({ WS_ALLOWED_ORIGINS: 'SELF,https://listed.example' });

  it.each(transports)('either passes over %s, and nothing else', async (transport) => {
    const target = services().targetFor(transport);
    expect(await attempt(target, { origin: originOf(target) })).toBe('open');
    expect(await attempt(target, { origin: 'https://listed.example' })).toBe('open');
    expect(await attempt(target, { origin: 'https://other.example' })).toBe(403);
  });
});

describe('with *', () => {
  const services = usePair({ WS_ALLOWED_ORIGINS: '*' });

  describe.each(transports)('over %s', (transport) => {
    it.each(['https://any.example', 'null', 'file://', '¡garbage!'])(
      '%s passes',
      async (origin) => {
        expect(await attempt(services().targetFor(transport), { origin })).toBe('open');
      },
    );
  });
});
