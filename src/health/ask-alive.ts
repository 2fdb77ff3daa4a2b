import { get as getPlain } from 'node:http';
import { get as getTls } from 'node:https';

/** Time for the answer, ms. */
const TIMEOUT = 2000;

/** Addresses that stand for all of a family's, and the one of them to reach this host at. */
const LOOPBACKS: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);

/**
 * Asks the service that runs here with these variables for `/health/live`, over TLS when it has a
 * certificate. Reads them itself: a probe starts every few seconds and loads nothing it can do without.
 *
 * @throws when the answer is not 200 or does not come in time.
 */
export async function askAlive(env: NodeJS.ProcessEnv): Promise<void> {
  const host = env.HOST || '127.0.0.1';
  const options = {
    host: LOOPBACKS.get(host) ?? host,
    port: env.PORT || '3000',
    path: '/health/live',
    agent: false,
    // the certificate is for the name that clients use, not for this address
    rejectUnauthorized: false,
    signal: AbortSignal.timeout(TIMEOUT),
  };
  const get = env.TLS_CERT_FILE ? getTls : getPlain;
  const status = await new Promise((resolve, reject) => {
    get(options, (response) => resolve(response.resume().statusCode)).on('error', reject);
  });
  if (status !== 200) throw new Error(`GET ${options.path} answered ${String(status)}`);
}
