/**
 * Jest's globalSetup: finds or installs what the tests need beyond npm, which is Chromium. Jest
 * loads this file with `require()`, so that it can import nothing of the project's TypeScript.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const INSTALL =
  'apt-get -o DPkg::Lock::Timeout=300 install -q -y --no-install-recommends chromium'.split(' ');

const WHAT_TO_DO =
  'Install Chrome or Chromium, or set CHROME_PATH to the program, and run the tests again.';
const STEP_DEADLINE_MS = 5 * 60_000;

/** Sets CHROME_PATH for all tests: their processes inherit it. */
export default async function globalSetup(): Promise<void> {
  process.env.CHROME_PATH = (await findChromium()) ?? (await installedChromium());
}

async function installedChromium(): Promise<string> {
  await installChromium();
  const path = await findChromium();
  if (path === undefined) throw new Error(`Chromium was installed, but not found. ${WHAT_TO_DO}`);
  return path;
}

/** The program that CHROME_PATH names, or else one that is installed. */
async function findChromium(): Promise<string | undefined> {
  const chosen = process.env.CHROME_PATH;
  if (chosen) {
    if (await isExecutable(chosen)) return chosen;
    throw new Error(`CHROME_PATH is ${chosen}, which is no program that can be run`);
  }
  const directories = process.env.PATH?.split(delimiter) ?? [];
  const candidates = NAMES.flatMap((name) => directories.map((path) => join(path, name)));
  for (const candidate of [...candidates, ...MAC_PATHS]) {
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Installs the Chromium package of Debian or Ubuntu; throws with what to do where it cannot. */
async function installChromium(): Promise<void> {
  if (!existsSync('/usr/bin/apt-get')) {
    throw new Error(`The browser tests need Chromium, and none was found. ${WHAT_TO_DO}`);
  }
  const prefix = await rootPrefix();
  say('The browser tests need Chromium, none was found: installing it with apt-get (1 to 3 min)');
  await run([...prefix, 'apt-get', 'update', '-q']);
  await run([...prefix, ...INSTALL]);
  say('Chromium is installed');
}

/** What makes a command run as root: nothing for root itself, else sudo without a password. */
async function rootPrefix(): Promise<string[]> {
  if (process.getuid?.() === 0) return [];
  const sudo = ['sudo', '-n'];
  try {
    await run([...sudo, 'true']);
    return sudo;
  } catch (error) {
    throw new Error(
      `The browser tests need Chromium, and only root can install it. ${WHAT_TO_DO}`,
      { cause: error },
    );
  }
}

/** Runs a command silently; its output comes with the error if it fails. */
async function run([command, ...args]: string[]): Promise<void> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: STEP_DEADLINE_MS,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [code, signal] = await once(child, 'close');
  if (code === 0) return;
  const how = signal === null ? `with code ${code}` : `by ${signal}`;
  throw new Error(`"${[command, ...args].join(' ')}" ended ${how}. ${WHAT_TO_DO}\n${output}`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
