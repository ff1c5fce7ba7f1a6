import { EnvironmentError } from '@chaos/spec';
import { withDeathSignal } from './death-signal.js';
import type { ServiceAccount } from './service-account.js';

/** Options of {@link runCommand}. */
export interface RunCommandOptions {
  /** Action for messages, after "Cannot": `create the PostgreSQL template`. */
  readonly what: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly account?: ServiceAccount | undefined;
  readonly input?: string;
  /** Arguments before which it is run; they end with it. */
  readonly within?: readonly string[];
  /** Fix to suggest if it fails. */
  readonly hint?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Runs a program to its end (or ours) and returns its output; throws `EnvironmentError` with the end of its output if
 * it fails.
 */
export async function runCommand(argv: readonly [string, ...string[]], options: RunCommandOptions): Promise<string> {
  const { execa } = await import('execa');
  const { what, cwd, env, account, input = '', within = [], hint, signal } = options;
  // An orphan that kept writing would disturb the removal of its folder.
  // New rights, as of a user namespace, take the death signal back: it comes last.
  const [file, ...args] = [...within, ...withDeathSignal('SIGKILL', argv)] as [string, ...string[]];
  const result = await execa(file, args, {
    cwd,
    env,
    extendEnv: false,
    ...account,
    input,
    cancelSignal: signal,
    all: true,
    reject: false,
  });
  signal.throwIfAborted();
  if (!result.failed) return result.all;
  const output = result.all.split('\n').slice(-15).join('\n');
  throw new EnvironmentError(
    `Cannot ${what}: ${argv.join(' ')} ended with ${result.exitCode ?? result.signal ?? result.originalMessage}\n${output}`,
    { cause: result.cause, data: { output }, ...(hint !== undefined && { hint }) },
  );
}
