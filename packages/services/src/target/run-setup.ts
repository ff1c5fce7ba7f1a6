import { execFile } from 'node:child_process';
import { EnvironmentError } from '@chaos/spec';

const SAID_CHARACTERS = 4000;

/** Where a command of the target's project runs. */
export interface SetupPlace {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly wrap: readonly string[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Runs what the target needs before its first start, such as migrations.
 *
 * @throws EnvironmentError with the end of its output, where it does not exit with 0 in time
 */
export async function runSetup(
  command: readonly string[],
  { env, cwd, wrap, timeoutMs, signal }: SetupPlace,
): Promise<void> {
  const [file, ...args] = [...wrap, ...command] as [string, ...string[]];
  await new Promise<void>((resolve, reject) => {
    execFile(file, args, { env, cwd, signal, timeout: timeoutMs, killSignal: 'SIGKILL' }, (cause, stdout, stderr) => {
      if (cause === null) return resolve();
      if (signal.aborted) return reject(signal.reason as Error);
      const said = `${stdout}${stderr}`.trimEnd().slice(-SAID_CHARACTERS);
      const how =
        typeof cause.code === 'number'
          ? `it exited with code ${cause.code}`
          : cause.killed === true
            ? `it had not ended after ${timeoutMs} ms`
            : cause.message;
      reject(
        new EnvironmentError(
          `Cannot set the target up by ${command.join(' ')}: ${how}${said === '' ? ' (it wrote nothing)' : `; its last output:\n${said}`}`,
          { cause, hint: 'target.setup in chaos.yaml must exit with 0; its time is target.ready.timeout_ms.' },
        ),
      );
    });
  });
}
