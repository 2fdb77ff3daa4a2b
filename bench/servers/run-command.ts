import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
}

/** @throws Error with the command and the last line that it had to say */
export async function runCommand(
  command: readonly [string, ...string[]],
  { cwd, env, timeoutSeconds = 600 }: CommandOptions,
): Promise<string> {
  const [file, ...args] = command;
  try {
    const { stdout } = await execute(file, args, {
      cwd,
      env: { ...process.env, ...env },
      timeout: timeoutSeconds * 1000,
    });
    return stdout;
  } catch (error) {
    const {
      code,
      stderr = '',
      stdout = '',
    } = error as NodeJS.ErrnoException & {
      stderr?: string;
      stdout?: string;
    };
    if (code === 'ENOENT') throw new Error(`there is no ${file}`, { cause: error });
    const lastLine = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
    throw new Error(`${command.join(' ')} failed: ${lastLine}`, { cause: error });
  }
}
