import { execFile } from 'node:child_process';

const TIMEOUT_MS = 10_000;

/** Replays an `exec` recipe; rejects with the end of the command's output when it fails or takes more than 10 s. */
export function runCommand([command, ...args]: readonly [string, ...string[]]): Promise<void> {
  const { CHAOS_RUN_ID: _, ...env } = process.env;
  return new Promise((resolve, reject) => {
    execFile(command, args, { env, timeout: TIMEOUT_MS, killSignal: 'SIGKILL' }, (error, _stdout, stderr) => {
      if (!error) resolve();
      else
        reject(
          new Error(
            `Cannot run ${[command, ...args].join(' ')}: ${error.killed ? `no end within ${TIMEOUT_MS} ms` : stderr.trim().slice(-500) || error.message}`,
            { cause: error },
          ),
        );
    });
  });
}
