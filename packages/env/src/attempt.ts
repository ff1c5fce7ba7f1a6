import { searchPath } from './search-path.js';

/** What came of one command. */
export interface AttemptResult {
  readonly ok: boolean;
  readonly stdout: string;
  /** Why it failed, in one line. */
  readonly failure: string;
  /** The command is not installed. */
  readonly notFound: boolean;
}

/**
 * Runs a command that shows by its success whether the machine can do something. Never throws, except when `signal`
 * aborts.
 */
export type Attempt = (
  argv: readonly [string, ...string[]],
  env?: Readonly<Record<string, string>>,
) => Promise<AttemptResult>;

/** Attempts that end by themselves after `timeoutMs`, with the administrators' folders on PATH. */
export function createAttempt(timeoutMs: number, signal: AbortSignal): Attempt {
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
    // EACCES: nowhere else on PATH, and one of its folders must not be entered.
    const notFound = result.code === 'ENOENT' || result.code === 'EACCES';
    return {
      ok: !result.failed,
      stdout: result.stdout,
      failure: notFound ? `${command} is not installed` : firstLine(result),
      notFound,
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
