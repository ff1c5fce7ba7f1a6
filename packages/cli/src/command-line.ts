import { fstatSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { watchAncestors } from '@chaos/runner/ancestors';
import { dropEarlyWorker } from '@chaos/runner/early-worker';
import { ExitCode } from '@chaos/spec';
import { main } from './main.js';

/** Runs the command line of this process, and ends it. */
export async function runCommandLine(): Promise<void> {
  // Watch from the first moment: if somebody kills npx or pnpm while we read the configuration, no run is wanted,
  // either. A run turns the signal into a graceful end; before a run there is nothing to clean up.
  watchAncestors(() => process.kill(process.pid, 'SIGTERM'));

  let unwritten: Error | undefined;
  // `chaos list | head`: the reader has closed the pipe. Any other error (a full disk) is a failure, but no reason to
  // abandon a run.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') unwritten ??= error;
  });
  process.stderr.on('error', () => {});

  if (isFile(1)) writeWholly(process.stdout);

  // The user's code runs in this process, too: if it ends a run, that must not look like a pass.
  let ended: ExitCode | undefined;
  let drained = false;
  process.exitCode = ExitCode.failed;
  sealExit(() => ended ?? ExitCode.failed);
  process.on('beforeExit', () => void (drained = true));
  // Node prints that error itself.
  let crashed = false;
  process.on('uncaughtExceptionMonitor', () => void (crashed = true));
  process.on('exit', (code) => {
    if (ended !== undefined || crashed || (code !== ExitCode.passed && code !== ExitCode.failed)) return;
    process.exitCode = ExitCode.failed;
    const told = new Error(
      drained
        ? 'The command came to no end: it waits for something that never happens (a promise of the configuration, of a global setup, of a reporter?)'
        : 'process.exit() was called before the run had ended',
    );
    process.stderr.write(`error: ${drained ? told.message : told.stack}\n`);
  });

  const code = await main(process.argv.slice(2), process);
  // Write errors are known only after the data was passed to the system.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  await new Promise<void>((resolve) => setImmediate(resolve));
  dropEarlyWorker();
  process.exitCode = ended = unwritten === undefined || code !== ExitCode.passed ? code : ExitCode.failed;
  if (unwritten !== undefined) process.stderr.write(`error: Cannot write to standard output: ${unwritten.message}\n`);
  // Exit explicitly: neither a handle that a package left open nor node's teardown of the heap should keep the user
  // waiting. Only pending output must be written first.
  const leave = (): void =>
    void (process.stdout.writableLength + process.stderr.writableLength === 0 ? process.exit() : setTimeout(leave, 20));
  leave();
}

/**
 * Listeners for `exit` are the user's, too, and may call `process.exit(0)` or set `process.exitCode` after a failure.
 */
function sealExit(verdict: () => ExitCode): void {
  // The last thing that process.exit() calls, after all listeners.
  const { reallyExit } = process as unknown as { reallyExit(code: number): never };
  Object.assign(process, {
    reallyExit: (code: number) => reallyExit.call(process, code === ExitCode.passed ? verdict() : code),
  });
}

function isFile(descriptor: number): boolean {
  try {
    const kind = fstatSync(descriptor);
    return kind.isFile() || kind.isCharacterDevice();
  } catch {
    return false;
  }
}

// On an almost full disk a write succeeds for a part of the data, and node never writes the rest.
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
