import { spawn, type ChildProcess } from 'node:child_process';
import { Readable } from 'node:stream';
import { watchStart } from '@chaos/env/process';
import { EnvironmentError, machineFix } from '@chaos/spec';
import { InspectedStderr } from '../hang/inspected-stderr.js';
import { processEntry } from '../process-entry.js';
import { tierUpFlags } from '../tier-up.js';

const CRASHES: readonly unknown[] = ['SIGABRT', 'SIGTRAP', 'SIGSEGV', 'SIGBUS', 'SIGILL'];

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
  /**
   * Starts its inspector and resolves to the `ws:` address of it, which lets its owner run code in the process. Rejects
   * when `signal` aborts.
   */
  openInspector(signal: AbortSignal): Promise<string>;
  /** Watches its start, until it has `answered` for the first time: one that hangs or crashes before has failed. */
  expect(answered: Promise<unknown>): void;
}

// On SIGUSR1 the inspector takes any free port. It tells its address, which has a random part, to its standard error
// alone: over http it would tell it to everybody on the machine. A user who debugs gets it in both ways, as usual.
const INSPECTABLE = [
  '--inspect-port=127.0.0.1:0',
  ...(process.env['NODE_OPTIONS']?.includes('--inspect') ? [] : ['--inspect-publish-uid=stderr']),
];

// Flags for slot processes, which carry the traffic of links (docs/decisions/0009): a larger young generation, and a
// way to free memory before collection, which Node 22 has by default. Node does not start with flags unknown to its V8,
// so future versions get none.
const STREAM_FLAGS: readonly string[] = [
  ...(Number.parseInt(process.versions.v8, 10) <= 13 ? ['--min-semi-space-size=4'] : []),
  ...('transfer' in ArrayBuffer.prototype ? [] : ['--harmony-rab-gsab-transfer']),
];

// The key of a fleet lets its owner run any code on all its machines: a test or a target needs neither it nor the way
// there.
function withoutFleet({ CHAOS_FLEET: _url, CHAOS_FLEET_KEY: _key, ...others }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return others;
}

/**
 * Starts a process of this run, with the run's mark, so that the watcher can always find it. If the system refuses to
 * start it, or it does not come up, `exited` has a `failure`.
 */
export function startChild(
  entry: 'worker/main' | 'slot/main',
  runId: string,
  wrap: (argv: readonly string[]) => readonly string[] = (argv) => argv,
): Child {
  const who = entry === 'slot/main' ? 'slot' : 'worker';
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
  let child: ChildProcess;
  try {
    child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...withoutFleet(process.env), CHAOS_RUN_ID: runId },
    });
  } catch (error) {
    throw refused(who, command, error as NodeJS.ErrnoException);
  }
  const isStarted = child.pid !== undefined;
  const start: Start = { who, isUnderWay: false, hang: undefined };
  let alive = isStarted;
  const exited = new Promise<ChildExit>((resolve) => {
    child.on('exit', (code, signal) => {
      alive = false;
      const failure = start.hang ?? crashOf(start, signal);
      resolve({ code, signal, ...(failure && { failure }) });
    });
    child.on('error', (error) => {
      alive = false;
      resolve({ code: null, signal: null, ...(!isStarted && { failure: refused(who, command, error) }) });
    });
  });
  const stderr = new InspectedStderr();
  // It is missing if no file descriptor was left for it.
  if (child.stderr) child.stderr.on('close', () => stderr.end()).pipe(stderr);
  else stderr.end();
  return {
    process: child,
    pid: child.pid ?? -1,
    stdout: child.stdout ?? Readable.from([]),
    stderr,
    exited,
    alive: () => alive,
    openInspector: (signal) => {
      const address = stderr.address(signal);
      // Node starts its inspector, on a thread of its own.
      child.kill('SIGUSR1');
      return address;
    },
    expect: (answered) => (alive ? expectAnswer(start, child, exited, answered) : void answered.catch(() => {})),
  };
}

/** The start of a process, until it has answered for the first time. */
interface Start {
  readonly who: 'slot' | 'worker';
  isUnderWay: boolean;
  hang: EnvironmentError | undefined;
}

function expectAnswer(start: Start, child: ChildProcess, exited: Promise<unknown>, answered: Promise<unknown>): void {
  start.isUnderWay = true;
  const stop = watchStart(start.who, child.pid as number, (error) => {
    start.hang = error;
    child.kill('SIGKILL');
  });
  void exited.then(stop);
  answered.then(
    () => {
      start.isUnderWay = false;
      stop();
    },
    () => stop(),
  );
}

function refused(who: Start['who'], command: string, error: NodeJS.ErrnoException): EnvironmentError {
  return new EnvironmentError(`Cannot start a ${who} process: ${error.message}`, {
    hint: machineFix(error) ?? `Check that ${command} is there, and may be executed.`,
    cause: error,
  });
}

// It crashed by itself. SIGKILL is somebody else's: then another process is started.
function crashOf({ who, isUnderWay }: Start, signal: NodeJS.Signals | null): EnvironmentError | undefined {
  if (!isUnderWay || !CRASHES.includes(signal)) return undefined;
  return new EnvironmentError(`Cannot start a ${who} process: it ended with ${signal} before it answered`, {
    hint: 'Node aborts where it gets no thread or no memory: raise `ulimit -u` and `ulimit -v` (or the limits of the container).',
  });
}
