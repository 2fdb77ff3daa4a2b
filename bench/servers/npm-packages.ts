import { cp, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { bench, compiled, installed } from '../paths.js';
import { runCommand } from './run-command.js';

const MANIFESTS = ['package.json', 'package-lock.json'] as const;

/** Kept by npm itself: which lock file the folder was installed from. */
const INSTALLED_LOCK = 'installed-lock.json';

let installation: Promise<void> | undefined;

/** The packages of the peers, as locked in bench/peers; installed once, into bench/.peers. */
export function installNpmPackages(): Promise<void> {
  installation ??= install();
  return installation;
}

/** A package's own folder. */
export function packageFolder(name: string): string {
  return join(installed, 'node_modules', name);
}

async function install(): Promise<void> {
  const lock = await readFile(join(bench, 'peers/package-lock.json'), 'utf8');
  const installedLock = join(installed, INSTALLED_LOCK);
  if ((await readFile(installedLock, 'utf8').catch(() => '')) !== lock) {
    console.error('Installing the peers into bench/.peers ...');
    await mkdir(installed, { recursive: true });
    for (const name of MANIFESTS) await cp(join(bench, 'peers', name), join(installed, name));
    await runCommand(['npm', 'ci', '--no-audit', '--no-fund'], { cwd: installed });
    await cp(join(bench, 'peers/package-lock.json'), installedLock);
  }
  // So that the compiled peers find these packages, and not the product's.
  const link = join(compiled, 'peers/node_modules');
  await rm(link, { force: true });
  await symlink(join(installed, 'node_modules'), link, 'junction');
}
