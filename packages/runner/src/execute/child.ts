import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { processEntry } from '../process-entry.js';
import { tierUpFlags } from '../tier-up.js';
import { streamFlags } from './stream-flags.js';

/** How a child process ended. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A worker or slot process of ours. */
export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exited: Promise<ChildExit>;
  alive(): boolean;
}

// On SIGUSR1 the inspector takes any free port, and does not say so where tests print.
const INSPECTABLE = ['--inspect-port=127.0.0.1:0', '--inspect-publish-uid=http'];

/** Starts a process of this run: it carries the run's mark, so that the watcher finds it whatever happens. */
export function startChild(
  entry: 'worker/main' | 'slot/main',
  runId: string,
  wrap: (argv: readonly string[]) => readonly string[] = (argv) => argv,
): Child {
  // require(esm) is what lets compiled test files use packages that are ES modules; Node 20 still warns of it.
  const [command, ...args] = wrap([
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    ...tierUpFlags,
    ...(entry === 'slot/main' ? streamFlags : []),
    ...INSPECTABLE,
    processEntry(`${entry}.cjs`),
  ]) as [string, ...string[]];
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, CHAOS_RUN_ID: runId },
  });
  let alive = true;
  const exited = new Promise<ChildExit>((resolve) => {
    child.on('exit', (code, signal) => {
      alive = false;
      resolve({ code, signal });
    });
    child.on('error', () => {
      alive = false;
      resolve({ code: null, signal: null });
    });
  });
  return {
    process: child,
    pid: child.pid ?? -1,
    stdout: child.stdout as Readable,
    stderr: child.stderr as Readable,
    exited,
    alive: () => alive,
  };
}
