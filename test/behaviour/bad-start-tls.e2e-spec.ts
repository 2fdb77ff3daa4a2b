import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, localhostCertificate } from '../support/certificates.js';
import { request } from '../support/raw-client.js';
import { runUntilExit, type Settings, startService } from '../support/service.js';

let files: Certificate & { readonly directory: string; readonly garbage: string };

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'wren-test-tls-'));
  const garbage = join(directory, 'garbage.pem');
  await writeFile(garbage, '-----BEGIN SECRET-----\nhush\n-----END SECRET-----\n');
  files = { ...(await localhostCertificate()), directory, garbage };
});

afterAll(() => rm(files.directory, { recursive: true }));

/** What the service says that does not start: why, a line for each reason, and no secret. */
async function reasonsOf(cert?: string, key?: string): Promise<string[]> {
  const settings: Settings = { TLS_CERT_FILE: cert, TLS_KEY_FILE: key };
  const { code, signal, stdout, stderr } = await runUntilExit(settings);
  expect({ code, signal }).toEqual({ code: 1, signal: null });
  expect(stdout).not.toContain('Listening');
  expect(stderr).not.toContain('hush');
  return stderr.trimEnd().split('\n');
}

describe('a service does not start', () => {
  it('without its certificate file', async () => {
    expect(await reasonsOf('/nowhere/cert.pem', files.keyFile)).toEqual([
      expect.stringMatching(/^TLS_CERT_FILE="\/nowhere\/cert\.pem": must be .*ENOENT/),
    ]);
  });

  it('without its key file', async () => {
    expect(await reasonsOf(files.certFile, '/nowhere/key.pem')).toEqual([
      expect.stringMatching(/^TLS_KEY_FILE="\/nowhere\/key\.pem": must be .*ENOENT/),
    ]);
  });

  it('without either, and says so of both', async () => {
    expect(await reasonsOf('/nowhere/cert.pem', '/nowhere/key.pem')).toEqual([
      expect.stringMatching(/^TLS_CERT_FILE=.*ENOENT/),
      expect.stringMatching(/^TLS_KEY_FILE=.*ENOENT/),
    ]);
  });

  it('with files that it cannot read', async () => {
    expect(await reasonsOf(files.directory, `${files.keyFile}/key.pem`)).toEqual([
      expect.stringMatching(/^TLS_CERT_FILE=.*EISDIR/),
      expect.stringMatching(/^TLS_KEY_FILE=.*ENOTDIR/),
    ]);
  });

  it('with a certificate that is none', async () => {
    expect(await reasonsOf(files.garbage, files.keyFile)).toEqual([
      expect.stringMatching(/^TLS_CERT_FILE=.* with a certificate/),
    ]);
  });

  it('with a key that is none', async () => {
    expect(await reasonsOf(files.certFile, files.garbage)).toEqual([
      expect.stringMatching(/^TLS_KEY_FILE=.* with a private key/),
    ]);
  });

  it('with the files in each other’s place', async () => {
    expect(await reasonsOf(files.keyFile, files.certFile)).toEqual([
      expect.stringMatching(/^TLS_CERT_FILE=/),
      expect.stringMatching(/^TLS_KEY_FILE=/),
    ]);
  });

  it('with the key of another certificate', async () => {
    expect(await reasonsOf(files.certFile, files.otherKeyFile)).toEqual([
      expect.stringMatching(/^TLS_KEY_FILE=.*the private key of the certificate in TLS_CERT_FILE/),
    ]);
  });

  it('with a certificate alone', async () => {
    expect(await reasonsOf(files.certFile, undefined)).toEqual([
      'TLS_KEY_FILE (not set): must be set together with TLS_CERT_FILE',
    ]);
  });

  it('with a key alone', async () => {
    expect(await reasonsOf('', files.keyFile)).toEqual([
      'TLS_CERT_FILE (not set): must be set together with TLS_KEY_FILE',
    ]);
  });
});

it('a service with empty TLS settings is a plain one', async () => {
  const service = await startService({ TLS_CERT_FILE: '', TLS_KEY_FILE: '' });
  const answer = await request(service.targetFor('h1'), { path: '/health/live' });
  expect(answer.status).toBe(200);
  await service.stop();
});
