import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from './index.js';

const CERT = join(import.meta.dirname, 'fixtures/localhost.crt');
const KEY = join(import.meta.dirname, 'fixtures/localhost.key');

describe('TLS_CERT_FILE and TLS_KEY_FILE', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wren-tls-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function file(name: string, content: string): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }

  function reading(cert?: string, key?: string) {
    return () => readSettings({ TLS_CERT_FILE: cert, TLS_KEY_FILE: key }).tls;
  }

  it('are read into the settings', () => {
    expect(reading(CERT, KEY)()).toEqual({ cert: readFileSync(CERT), key: readFileSync(KEY) });
  });

  it('are set together or not at all', () => {
    expect(reading()()).toBeUndefined();
    expect(reading(CERT)).toThrow(
      'TLS_KEY_FILE (not set): must be set together with TLS_CERT_FILE',
    );
    expect(reading('', KEY)).toThrow(
      'TLS_CERT_FILE (not set): must be set together with TLS_KEY_FILE',
    );
  });

  it('must be there', () => {
    expect(reading('/no/such.crt', folder)).toThrow(
      'TLS_CERT_FILE="/no/such.crt": must be a readable PEM file (ENOENT)\n' +
        `TLS_KEY_FILE="${folder}": must be a readable PEM file (EISDIR)`,
    );
  });

  it('must be PEM', () => {
    const text = file('text', 'not a secret, yet not to be shown');
    expect(reading(text, text)).toThrow(
      `TLS_CERT_FILE="${text}": must be a PEM file with a certificate\n` +
        `TLS_KEY_FILE="${text}": must be a PEM file with a private key that needs no passphrase`,
    );
  });

  it('must belong together', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const other = file('other.key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    expect(reading(CERT, other)).toThrow(
      `TLS_KEY_FILE="${other}": must be the private key of the certificate in TLS_CERT_FILE`,
    );
  });

  it('must be what TLS can use, the chain too', () => {
    const cut = file('cut.crt', `${readFileSync(CERT, 'utf8')}-----BEGIN CERTIFICATE-----\nMIIB\n`);
    expect(reading(cut, KEY)).toThrow(`TLS_CERT_FILE="${cut}": must be a PEM certificate that TLS`);
  });

  it('refuses a key that needs a passphrase', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const encrypted = privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'x',
    });
    expect(reading(CERT, file('encrypted.key', encrypted.toString()))).toThrow(
      'must be a PEM file with a private key that needs no passphrase',
    );
  });

  it('never shows a key that was pasted where its path belongs', () => {
    const pasted = readFileSync(KEY, 'utf8');
    expect(reading(CERT, pasted)).toThrow('TLS_KEY_FILE=(the text of a PEM file): must be');
  });

  it('are reported along with every other bad variable', () => {
    expect(() => readSettings({ PORT: 'x', TLS_CERT_FILE: '/no/such.crt' })).toThrow(
      /^PORT=.*\nTLS_CERT_FILE=.*\nTLS_KEY_FILE/,
    );
  });
});
