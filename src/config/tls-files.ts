import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { SettingProblem } from './invalid-settings.error.js';

/** Certificate (with its chain) and private key, both PEM. */
export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** The paths in `TLS_CERT_FILE` and `TLS_KEY_FILE`. */
export interface TlsPaths {
  readonly cert?: string;
  readonly key?: string;
}

const CERT_FILE = 'TLS_CERT_FILE';
const KEY_FILE = 'TLS_KEY_FILE';

/**
 * Reads both files and makes sure that a server could use them, so that a wrong pair stops the start
 * and not the first handshake.
 *
 * @param report called for each fault; nothing of the files' contents is in it.
 * @returns `undefined` when neither file is set or a fault was reported.
 */
export function readTlsFiles(
  paths: TlsPaths,
  report: (problem: SettingProblem) => void,
): TlsFiles | undefined {
  if (paths.cert === undefined && paths.key === undefined) return undefined;
  const cert = readPem(CERT_FILE, paths.cert, KEY_FILE, report);
  const key = readPem(KEY_FILE, paths.key, CERT_FILE, report);
  const certificate = cert && parse(() => new X509Certificate(cert));
  const privateKey = key && parse(() => createPrivateKey(key));
  if (cert && !certificate) {
    report({ variable: CERT_FILE, value: paths.cert, allowed: 'a PEM file with a certificate' });
  }
  if (key && !privateKey) {
    const allowed = 'a PEM file with a private key that needs no passphrase';
    report({ variable: KEY_FILE, value: paths.key, allowed });
  }
  if (!cert || !key || !certificate || !privateKey) return undefined;
  return checkPair(paths, { cert, key }, certificate, privateKey, report);
}

function checkPair(
  paths: TlsPaths,
  files: TlsFiles,
  certificate: X509Certificate,
  privateKey: KeyObject,
  report: (problem: SettingProblem) => void,
): TlsFiles | undefined {
  if (!certificate.checkPrivateKey(privateKey)) {
    const allowed = `the private key of the certificate in ${CERT_FILE}`;
    report({ variable: KEY_FILE, value: paths.key, allowed });
    return undefined;
  }
  try {
    createSecureContext(files);
    return files;
  } catch (error) {
    // such as a chain that is no PEM, or a key too short for this OpenSSL
    const allowed = `a PEM certificate that TLS can use (${reasonOf(error)})`;
    report({ variable: CERT_FILE, value: paths.cert, allowed });
    return undefined;
  }
}

function readPem(
  variable: string,
  path: string | undefined,
  partner: string,
  report: (problem: SettingProblem) => void,
): Buffer | undefined {
  if (path === undefined) {
    report({ variable, value: path, allowed: `set together with ${partner}` });
    return undefined;
  }
  try {
    return readFileSync(path);
  } catch (error) {
    report({ variable, value: path, allowed: `a readable PEM file (${reasonOf(error)})` });
    return undefined;
  }
}

/** The code of a file system or OpenSSL error: says why, and nothing that was in the file. */
function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error && error.code;
  return typeof code === 'string' ? code : 'unusable';
}

function parse<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
