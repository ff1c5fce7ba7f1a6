import { spawn } from 'node:child_process';
import { OperationError, UsageError } from '@chaos/spec';

/** A program and its arguments; no shell is started. */
export type CommandLine = readonly [program: string, ...args: string[]];

/** Settings of one run of a command. */
export interface RunOptions {
  /** The command as errors show it. */
  readonly name: string;
  readonly cwd: string;
  /** Variables on top of those of this process; an undefined one is taken away. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How a command ended: by a code or by a signal, the other is `null`. */
export interface CommandResult {
  readonly code: number | null;
  readonly killedBy: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command to its end. Rejects with `OperationError` (`timeout`) if it does not end in time, with `UsageError` if
 * it cannot be started, and with the reason of the signal; it is killed first.
 */
export async function runCommand(
  [program, ...args]: CommandLine,
  { name, cwd, env, input, timeoutMs, signal }: RunOptions,
): Promise<CommandResult> {
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    signal: AbortSignal.any([signal, timeout]),
    killSignal: 'SIGKILL',
  });
  // A program that does not read its input closes it; the exit code says whether that was right.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  return new Promise((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(signal.reason as Error);
      else if (timeout.aborted) reject(new OperationError('timeout', `${name}: not ended within ${timeoutMs} ms`));
      else if (error.code === 'ENOENT' || error.code === 'EACCES')
        reject(new UsageError(`Cannot run ${name}: ${error.message}`, { hint: `Its folder is ${cwd}.`, cause: error }));
      else reject(error);
    });
    child.on('close', (code, killedBy) => resolve({ code, killedBy, stdout: stdout(), stderr: stderr() }));
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  return () => text;
}
