import { fstatSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { watchAncestors } from '@chaos/runner/ancestors';
import { dropEarlyWorker } from '@chaos/runner/early-worker';
import { ExitCode } from '@chaos/spec';
import { main } from './main.js';

/** Runs the command line of this process, and ends it. */
export async function runCommandLine(): Promise<void> {
  // From the first moment: who killed npx or pnpm while we were still reading the configuration wants no run, either.
  // A run turns the signal into a graceful end; before it there is nothing to clean up.
  watchAncestors(() => process.kill(process.pid, 'SIGTERM'));

  let unwritten: Error | undefined;
  // `chaos list | head`: whoever read us has left. Anything else (a full disk) is a failure, and no reason to leave a
  // run where it is.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') unwritten ??= error;
  });
  process.stderr.on('error', () => {});

  if (isFile(1)) writeWholly(process.stdout);

  let ended = false;
  let drained = false;
  process.on('beforeExit', () => void (drained = true));
  // Code of the user's runs here, too: a run that it ends must not look as if it had passed.
  process.on('exit', (code) => {
    if (ended || code !== ExitCode.passed) return;
    process.exitCode = ExitCode.failed;
    const told = new Error(
      drained
        ? 'The command came to no end: it waits for something that never happens (a promise of the configuration, of a global setup, of a reporter?)'
        : 'process.exit(0) was called before the run had ended',
    );
    process.stderr.write(`error: ${drained ? told.message : told.stack}\n`);
  });

  const code = await main(process.argv.slice(2), process);
  // What is with the system, or lost, is known only then.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  await new Promise<void>((resolve) => setImmediate(resolve));
  dropEarlyWorker();
  ended = true;
  process.exitCode = unwritten === undefined || code !== ExitCode.passed ? code : ExitCode.failed;
  if (unwritten !== undefined) process.stderr.write(`error: Cannot write to standard output: ${unwritten.message}\n`);
  // A handle that a package forgot must not keep the user waiting, nor the heap that is taken apart when node ends by
  // itself; what is still to be printed must.
  const leave = (): void =>
    void (process.stdout.writableLength + process.stderr.writableLength === 0 ? process.exit() : setTimeout(leave, 20));
  leave();
}

function isFile(descriptor: number): boolean {
  try {
    const kind = fstatSync(descriptor);
    return kind.isFile() || kind.isCharacterDevice();
  } catch {
    return false;
  }
}

// On a disk that is almost full a write takes a part and says nothing: node leaves the rest.
function writeWholly(stream: Writable): void {
  if (stream.constructor.name !== 'SyncWriteStream') return;
  stream._write = (chunk: Buffer, _encoding, done) => {
    try {
      for (let written = 0; written < chunk.length;) written += writeSync(1, chunk, written);
      done();
    } catch (error) {
      done(error as Error);
    }
  };
}
