import { execFile, type ExecFileException } from 'node:child_process';
import { withDeathSignal } from '@chaos/programs';

/** Where the commands of the target's project run: as the target does. */
export interface CommandPlace {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Command prefix: it changes the environment of the program and then execs it. */
  readonly wrap: readonly string[];
}

/** The end of a command. */
export interface CommandEnd {
  /** Absent where it exited with 0. */
  readonly failure: ExecFileException | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, or ours; it is killed after `timeoutMs`, or when the signal aborts. Never rejects. */
export function runInPlace(
  command: readonly string[],
  { env, cwd, wrap }: CommandPlace,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<CommandEnd> {
  const [file, ...args] = [...wrap, ...withDeathSignal('SIGKILL', command)] as [string, ...string[]];
  const options = { env, cwd, signal, timeout: timeoutMs, killSignal: 'SIGKILL' } as const;
  return new Promise((resolve) => {
    execFile(file, args, options, (error, stdout, stderr) => resolve({ failure: error ?? undefined, stdout, stderr }));
  });
}
