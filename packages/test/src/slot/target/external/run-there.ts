import { execFile } from 'node:child_process';
import { EnvironmentError, type ExternalTarget } from '@chaos/spec';
import { executorOf, type Argv } from './external-place.js';

const TIMEOUT_MS = 30_000;
const SAID_CHARACTERS = 500;

/**
 * Runs a command where an external program runs, and returns what it printed on both streams.
 *
 * @throws EnvironmentError with the command line and what it printed, where it does not exit with 0 in time
 */
export async function runThere(external: ExternalTarget, argv: Argv, signal: AbortSignal): Promise<string> {
  const { commandThrough } = await import('@chaos/net-tc');
  const executor = await executorOf(external);
  const [program, ...words] = commandThrough(executor, argv);
  return new Promise((resolve, reject) => {
    execFile(program, words, { timeout: TIMEOUT_MS, killSignal: 'SIGKILL', signal }, (error, stdout, stderr) => {
      if (error === null) return resolve(`${stdout}${stderr}`);
      if (signal.aborted) return reject(signal.reason as Error);
      const said = `${stderr}${stdout}`.trim().slice(-SAID_CHARACTERS);
      const how = error.killed === true ? `it had not ended after ${TIMEOUT_MS} ms` : said || error.message;
      reject(
        new EnvironmentError(`Cannot run ${argv.join(' ')} ${executor.name}: ${how}`, {
          cause: error,
          data: { argv: [program, ...words], exitCode: typeof error.code === 'number' ? error.code : null },
        }),
      );
    });
  });
}
