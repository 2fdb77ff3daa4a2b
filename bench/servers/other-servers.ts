import { access, cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bench, compiled, installed } from '../paths.js';
import { installNpmPackages, packageFolder } from './npm-packages.js';
import { runCommand } from './run-command.js';
import type { Server } from './server.js';

/** Where Debian puts the sources of Go packages. */
const GO_PACKAGES = process.env.GOPATH ?? '/usr/share/gocode';
const UWS_FOLDER = join(installed, 'uwebsockets');

export const bun: Server = {
  id: 'bun',
  title: 'Bun',
  prepare: async () => {
    await installNpmPackages();
    await runCommand([bunProgram(), '--version'], { cwd: bench });
  },
  command: () => [bunProgram(), join(compiled, 'peers/bun.js')],
};

export const uWebSockets: Server = {
  id: 'uwebsockets',
  title: 'uWebSockets.js',
  prepare: async () => {
    await access(join(UWS_FOLDER, 'node_modules/uWebSockets.js')).catch(() => {
      throw new Error('it is not on npm; docs/performance.md says how to add it');
    });
  },
  command: () => [process.execPath, join(compiled, 'peers/uwebsockets.js'), UWS_FOLDER],
};

export const gorilla: Server = {
  id: 'gorilla',
  title: 'gorilla/websocket',
  prepare: async () => {
    const source = join(bench, 'peers/gorilla/main.go');
    await runCommand(['go', 'version'], { cwd: bench });
    await access(join(GO_PACKAGES, 'src/github.com/gorilla/websocket')).catch(() => {
      throw new Error('there is no golang-github-gorilla-websocket-dev');
    });
    await mkdir(installed, { recursive: true });
    await runCommand(['go', 'build', '-o', gorillaProgram(), source], {
      cwd: bench,
      env: { GOPATH: GO_PACKAGES, GO111MODULE: 'off' },
    });
  },
  command: () => [gorillaProgram()],
  env: { GOMAXPROCS: '1' },
};

export const kestrel: Server = {
  id: 'kestrel',
  title: 'ASP.NET Core Kestrel',
  prepare: async () => {
    const source = join(installed, 'kestrel');
    const sdk = await runCommand(['dotnet', '--version'], { cwd: bench });
    await cp(join(bench, 'peers/kestrel'), source, { recursive: true });
    const framework = `-p:TargetFramework=net${Number.parseInt(sdk)}.0`;
    const build = ['build', '-c', 'Release', '-o', join(source, 'out'), framework, '--nologo'];
    await runCommand(['dotnet', ...build], { cwd: source });
  },
  command: () => ['dotnet', join(installed, 'kestrel/out/kestrel.dll')],
};

function bunProgram(): string {
  return join(packageFolder('bun'), 'bin/bun.exe');
}

function gorillaProgram(): string {
  return join(installed, 'gorilla-echo');
}
