import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';

const WHAT_TO_DO =
  'Install Chrome or Chromium, or set CHROME_PATH to the program, and run the tests again.';
const STEP_DEADLINE_MS = 5 * 60_000;

/** Installs the Chromium package of Debian or Ubuntu; throws with what to do where it cannot. */
export async function installChromium(): Promise<void> {
  if (!existsSync('/usr/bin/apt-get')) {
    throw new Error(`The browser tests need Chromium, and none was found. ${WHAT_TO_DO}`);
  }
  const prefix = await rootPrefix();
  say('The browser tests need Chromium, none was found: installing it with apt-get (1 to 3 min)');
  await run([...prefix, 'apt-get', 'update', '-q']);
  await run([...prefix, ...INSTALL]);
  say('Chromium is installed');
}

const INSTALL = ['apt-get', 'install', '-q', '-y', '--no-install-recommends', 'chromium'];

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
