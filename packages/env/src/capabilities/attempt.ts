import { setMaxListeners } from 'node:events';
import { missingProgram } from '../missing-program.js';
import { searchPath } from '../search-path.js';

/** Result of one command. */
export interface AttemptResult {
  readonly ok: boolean;
  readonly stdout: string;
  /** Reason of the failure, in one line. */
  readonly failure: string;
  /** The program that is not installed: the command, or one that it runs. */
  readonly missing?: string | undefined;
}

/** Runs a command whose success shows that the machine has a capability. Never throws, except when `signal` aborts. */
export type Attempt = (
  argv: readonly [string, ...string[]],
  env?: Readonly<Record<string, string>>,
) => Promise<AttemptResult>;

/** Returns an {@link Attempt} that ends each command after `timeoutMs`, with the administrators' folders on PATH. */
export function createAttempt(timeoutMs: number, signal: AbortSignal): Attempt {
  // As many commands listen at a time as are tried: no leak.
  setMaxListeners(0, signal);
  return async ([command, ...args], env = {}) => {
    signal.throwIfAborted();
    const { execa } = await import('execa');
    const result = await execa(command, args, {
      env: { PATH: searchPath(), LC_ALL: 'C', ...env },
      stdin: 'ignore',
      reject: false,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      cancelSignal: signal,
    });
    signal.throwIfAborted();
    // EACCES: not found elsewhere on PATH, and one of its folders may not be entered.
    const isMissing = result.code === 'ENOENT' || result.code === 'EACCES';
    const missing = isMissing ? command : result.failed ? missingProgram(result.stderr) : undefined;
    return {
      ok: !result.failed,
      stdout: result.stdout,
      failure: missing === undefined ? firstLine(result) : `${missing} is not installed`,
      missing,
    };
  };
}

function firstLine(result: {
  readonly timedOut: boolean;
  readonly stderr: string;
  readonly shortMessage?: string | undefined;
}): string {
  if (result.timedOut) return result.shortMessage ?? 'timed out';
  return (
    result.stderr
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ??
    result.shortMessage?.split('\n')[0] ??
    ''
  );
}
