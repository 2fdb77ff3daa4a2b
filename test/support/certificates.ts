import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A self-signed certificate for localhost, 127.0.0.1 and ::1, in memory and as PEM files. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** A key that does not belong to the certificate. */
  readonly otherKeyFile: string;
}

const FILES = { cert: 'cert.pem', key: 'key.pem', otherKey: 'other-key.pem' } as const;
const VALID_DAYS = 30;

/** The certificate of the day, made by the first process that asks for it. */
export async function localhostCertificate(): Promise<Certificate> {
  const directory = directoryOfTheDay();
  if (!existsSync(directory)) await makeDirectory(directory);
  const pathOf = (file: keyof typeof FILES): string => join(directory, FILES[file]);
  return {
    cert: await readFile(pathOf('cert'), 'utf8'),
    key: await readFile(pathOf('key'), 'utf8'),
    certFile: pathOf('cert'),
    keyFile: pathOf('key'),
    otherKeyFile: pathOf('otherKey'),
  };
}

/** The settings that make the service serve TLS with that certificate. */
export async function tlsSettings(): Promise<{ TLS_CERT_FILE: string; TLS_KEY_FILE: string }> {
  const { certFile, keyFile } = await localhostCertificate();
  return { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile };
}

function directoryOfTheDay(): string {
  const day = new Date().toISOString().slice(0, 10);
  return join(tmpdir(), `wren-test-certificate-${userInfo().uid}-${day}`);
}

/** Complete before it gets its name, so that parallel test files need no lock. */
async function makeDirectory(directory: string): Promise<void> {
  const draft = await mkdtemp(`${directory}-`);
  await writeFile(join(draft, FILES.key), newKey());
  await writeFile(join(draft, FILES.otherKey), newKey());
  await signCertificate(join(draft, FILES.key), join(draft, FILES.cert));
  try {
    await rename(draft, directory);
  } catch (error) {
    await rm(draft, { recursive: true });
    const anotherWasFirst = existsSync(directory);
    if (!anotherWasFirst) throw error;
  }
}

function newKey(): string | Buffer {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' });
}

async function signCertificate(keyFile: string, certFile: string): Promise<void> {
  const args = ['req', '-x509', '-key', keyFile, '-out', certFile, '-days', String(VALID_DAYS)];
  args.push('-subj', '/CN=localhost');
  args.push('-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1');
  try {
    await promisify(execFile)('openssl', args);
  } catch (error) {
    throw new Error('the TLS tests need openssl to make a certificate: is it installed?', {
      cause: error,
    });
  }
}
