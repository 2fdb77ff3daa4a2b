/** Says on a terminal what is going on; keeps what went wrong. */
export class Progress {
  readonly failures: string[] = [];

  say(text: string): void {
    if (process.stderr.isTTY) process.stderr.write(`\r${text}\u001B[K`);
  }

  done(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
  }

  fail(what: string, error: Error): undefined {
    this.failures.push(`${what}: ${error.message}`);
    return undefined;
  }
}
