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
