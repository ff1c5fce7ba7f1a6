import { spawn, type ChildProcess } from 'node:child_process';
import { killTree } from '@chaos/env/process';
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
 * it cannot be started, and with the reason of the signal; it is killed first, with everything that it started.
 */
export async function runCommand(
  [program, ...args]: CommandLine,
  { name, cwd, env, input, timeoutMs, signal }: RunOptions,
): Promise<CommandResult> {
  signal.throwIfAborted();
  // In a session of its own, so that all its processes are known by that.
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, detached: true });
  // A program that does not read its input closes it; the exit code says whether that was right.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  return new Promise((resolve, reject) => {
    let isKilled = false;
    const end = async (): Promise<void> => {
      isKilled = true;
      release();
      await killSession(child);
      if (signal.aborted) throw signal.reason as Error;
      throw new OperationError('timeout', `${name}: not ended within ${timeoutMs} ms`);
    };
    const onEnd = (): void => void end().catch(reject);
    const timer = setTimeout(onEnd, timeoutMs);
    signal.addEventListener('abort', onEnd, { once: true });
    const release = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onEnd);
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      release();
      if (error.code === 'ENOENT' || error.code === 'EACCES')
        reject(new UsageError(`Cannot run ${name}: ${error.message}`, { hint: `Its folder is ${cwd}.`, cause: error }));
      else reject(error);
    });
    child.on('close', (code, killedBy) => {
      // Killed by us, it is told so.
      if (isKilled) return;
      release();
      resolve({ code, killedBy, stdout: stdout(), stderr: stderr() });
    });
  });
}

// Also what a shell has left running, whose parent is gone.
async function killSession(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid !== undefined) await killTree((stat) => stat.pid === pid || stat.session === pid);
  // Without /proc nobody finds the others.
  child.kill('SIGKILL');
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  return () => text;
}
