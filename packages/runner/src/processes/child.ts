import { spawn, type ChildProcess } from 'node:child_process';
import { Readable } from 'node:stream';
import { EnvironmentError, machineFix } from '@chaos/spec';
import { processEntry } from '../process-entry.js';
import { tierUpFlags } from '../tier-up.js';

/** Exit status of a child process. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Reason why it never started, with a fix. */
  readonly failure?: EnvironmentError;
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

// On SIGUSR1 the inspector takes any free port, and does not print it where tests print.
const INSPECTABLE = ['--inspect-port=127.0.0.1:0', '--inspect-publish-uid=http'];

// Flags for slot processes, which carry the traffic of links (docs/decisions/0009): a larger young generation, and a way
// to free memory before collection, which Node 22 has by default. Node does not start with flags unknown to its V8, so
// future versions get none.
const STREAM_FLAGS: readonly string[] = [
  ...(Number.parseInt(process.versions.v8, 10) <= 13 ? ['--min-semi-space-size=4'] : []),
  ...('transfer' in ArrayBuffer.prototype ? [] : ['--harmony-rab-gsab-transfer']),
];

/**
 * Starts a process of this run, with the run's mark, so that the watcher can always find it. If the system refuses to
 * start it, `exited` has a `failure`.
 */
export function startChild(
  entry: 'worker/main' | 'slot/main',
  runId: string,
  wrap: (argv: readonly string[]) => readonly string[] = (argv) => argv,
): Child {
  // Compiled test files need require(esm) to load packages that are ES modules; Node 20 still prints a warning about
  // it.
  const [command, ...args] = wrap([
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    ...tierUpFlags,
    ...(entry === 'slot/main' ? STREAM_FLAGS : []),
    ...INSPECTABLE,
    processEntry(`${entry}.cjs`),
  ]) as [string, ...string[]];
  const refused = (error: NodeJS.ErrnoException): EnvironmentError =>
    new EnvironmentError(`Cannot start a ${entry === 'slot/main' ? 'slot' : 'worker'} process: ${error.message}`, {
      hint: machineFix(error) ?? `Check that ${command} is there, and may be executed.`,
      cause: error,
    });
  let child: ChildProcess;
  try {
    child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, CHAOS_RUN_ID: runId },
    });
  } catch (error) {
    throw refused(error as NodeJS.ErrnoException);
  }
  const started = child.pid !== undefined;
  let alive = started;
  const exited = new Promise<ChildExit>((resolve) => {
    child.on('exit', (code, signal) => {
      alive = false;
      resolve({ code, signal });
    });
    child.on('error', (error) => {
      alive = false;
      resolve({ code: null, signal: null, ...(!started && { failure: refused(error) }) });
    });
  });
  return {
    process: child,
    pid: child.pid ?? -1,
    // They are missing if no file descriptor was left for them.
    stdout: child.stdout ?? Readable.from([]),
    stderr: child.stderr ?? Readable.from([]),
    exited,
    alive: () => alive,
  };
}
