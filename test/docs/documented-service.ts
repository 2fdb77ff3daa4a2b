import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A code block of a document whose first line names the file it belongs in. */
const CODE_BLOCK = /^```ts\n\/\/ (src\/\S+)\n([\s\S]*?)^```$/gm;

/** The service with what a document adds to it, in a folder of its own. */
export class DocumentedService {
  private constructor(private readonly folder: string) {}

  /** Does what the document says: writes its files and adds its modules to the application. */
  static async follow(document: string): Promise<DocumentedService> {
    const service = new DocumentedService(await mkdtemp(join(tmpdir(), 'wren-docs-')));
    await service.copyProject();
    const files = await service.writeFiles(await readFile(join(ROOT, document), 'utf8'));
    await service.importModules(files.filter((file) => file.endsWith('.module.ts')));
    return service;
  }

  get main(): string {
    return join(this.folder, 'dist/main.js');
  }

  /** @throws Error with the compiler's messages */
  async build(): Promise<void> {
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    const args = [compiler, '-p', 'tsconfig.build.json'];
    await promisify(execFile)(process.execPath, args, { cwd: this.folder }).catch(
      (error: { stdout: string }) => {
        throw new Error(`The documented code does not compile:\n${error.stdout}`);
      },
    );
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  private async copyProject(): Promise<void> {
    const parts = ['src', 'public', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];
    for (const part of parts) {
      await cp(join(ROOT, part), join(this.folder, part), { recursive: true });
    }
    await symlink(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'));
  }

  private async writeFiles(document: string): Promise<string[]> {
    const files: string[] = [];
    for (const [, file = '', code = ''] of document.matchAll(CODE_BLOCK)) {
      await mkdir(dirname(join(this.folder, file)), { recursive: true });
      await writeFile(join(this.folder, file), code);
      files.push(file);
    }
    return files;
  }

  private async importModules(files: readonly string[]): Promise<void> {
    const appModule = join(this.folder, 'src/app.module.ts');
    let source = await readFile(appModule, 'utf8');
    for (const file of files) {
      const code = await readFile(join(this.folder, file), 'utf8');
      const name = /export class (\w+)/.exec(code)?.[1];
      const path = file.replace(/^src/, '.').replace(/\.ts$/, '.js');
      source = `import { ${name} } from '${path}';\n${source}`;
      source = source.replace('imports: [', `imports: [${name}, `);
    }
    await writeFile(appModule, source);
  }
}
