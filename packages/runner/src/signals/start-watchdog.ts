import { url as debuggerUrl } from 'node:inspector';
import { Worker } from 'node:worker_threads';
import { ExitCode, type Location, type SerializedError } from '@chaos/spec';
import { processEntry } from '../process-entry.js';
import { Blocked } from './blocked.js';
import { Terminated } from './termination.js';
import {
  BEATS,
  IN_TIME,
  NOTICED_NS,
  nowNs,
  SHARED_BYTES,
  TURNS,
  type End,
  type Stopped,
  type WatchdogData,
} from './watchdog-data.js';

const BEAT_MS = 200;
/** Most runs without user code in this process are over before this. */
const LATER_MS = 1000;

/** Makes sure that a run ends even if its main process is blocked. */
export interface Watchdog extends AsyncDisposable {
  /**
   * Starts it, unless it runs already, because user code is about to run here. Resolves when it sees signals, or when
   * it cannot be started.
   */
  start(): Promise<void>;
  /** The time limit no longer applies. */
  stopClock(): void;
  /** Time since the end of the run was first noticed, ms: main may have been blocked meanwhile. */
  noticedMsAgo(): number;
}

/**
 * A thread that watches this one. User code that blocks this thread is stopped and reported to `tell`: soon after
 * `signal` has aborted, or should have (at a signal, or `deadlineMs` from now), else when it takes very long. If that
 * fails after the end of the run, the process is ended.
 */
export function createWatchdog({
  signal,
  deadlineMs,
  tell,
  onBlocked,
}: {
  readonly signal: AbortSignal;
  readonly deadlineMs: number | undefined;
  readonly tell: (error: SerializedError) => void;
  /** Called when code was stopped in a run that nothing had ended: whoever waits for that code waits for ever. */
  readonly onBlocked: () => void;
}): Watchdog {
  const shared = new BigInt64Array(new SharedArrayBuffer(SHARED_BYTES));
  const deadlineNs = deadlineMs === undefined ? undefined : nowNs() + BigInt(Math.round(deadlineMs * 1e6));
  const beat = (): void => void Atomics.add(shared, BEATS, 1n);
  const turning = setInterval(() => void Atomics.add(shared, TURNS, 1n), BEAT_MS).unref();
  let started: Thread | undefined;
  let beating: NodeJS.Timeout | undefined;
  const onStopped = (stopped: Stopped): void => {
    tell(stoppedError(stopped));
    if (stopped.what === undefined) onBlocked();
  };
  const later = setTimeout(() => void start(), LATER_MS).unref();

  const start = (ended?: End): Promise<void> => {
    clearTimeout(later);
    if (started) return started.up;
    const data: WatchdogData = {
      shared,
      exitCodes: ExitCode,
      ...(deadlineNs !== undefined && { deadlineNs }),
      ...(ended && { ended }),
      isDebugged: debuggerUrl() !== undefined,
    };
    started = startThread(data, onStopped);
    return started.up;
  };
  const onEnd = (): void => {
    beat();
    Atomics.compareExchange(shared, NOTICED_NS, 0n, nowNs());
    beating = setInterval(beat, BEAT_MS).unref();
    const ended = endOf(signal.reason);
    // The watchdog may not have seen it.
    if (started) started.worker?.postMessage(ended);
    else void start(ended);
  };
  signal.addEventListener('abort', onEnd, { once: true });

  return {
    start: () => start(),
    stopClock: () => void Atomics.store(shared, IN_TIME, 1n),
    noticedMsAgo: () => Number(nowNs() - (Atomics.load(shared, NOTICED_NS) || nowNs())) / 1e6,
    async [Symbol.asyncDispose]() {
      for (const timer of [later, beating, turning]) clearTimeout(timer);
      signal.removeEventListener('abort', onEnd);
      await endThread(started);
    },
  };
}

/**
 * A thread that watches this one while `file` is loaded, before a run. Code that does not return is stopped after half
 * a minute, and `onStopped` gets its position; if it cannot be stopped, the process is ended with exit code 2.
 */
export function watchForLoops(file: string, onStopped: (location: Location | undefined) => void): Disposable {
  const shared = new BigInt64Array(new SharedArrayBuffer(SHARED_BYTES));
  const turning = setInterval(() => void Atomics.add(shared, TURNS, 1n), BEAT_MS).unref();
  const { worker } = startThread(
    { shared, exitCodes: ExitCode, loading: file, isDebugged: debuggerUrl() !== undefined },
    ({ location }) => onStopped(location),
  );
  return {
    [Symbol.dispose]() {
      clearInterval(turning);
      void worker?.terminate();
    },
  };
}

interface Thread {
  readonly worker?: Worker;
  readonly up: Promise<void>;
}

function startThread(data: WatchdogData, onStopped: (stopped: Stopped) => void): Thread {
  try {
    const worker = new Worker(processEntry('signals/watchdog.cjs'), {
      workerData: data,
      // Its own execArgv: modules that the user preloads for tests do not belong here. The flag lets it receive
      // signals.
      env: {},
      execArgv: ['--expose-internals', '--no-warnings'],
      resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 },
    });
    const up = new Promise<void>((resolve) => {
      worker.on('error', () => resolve());
      worker.on('exit', () => resolve());
      worker.on('message', (message: Stopped | null) => (message === null ? resolve() : onStopped(message)));
    });
    // From then on it keeps no process alive that has nothing else to wait for.
    void up.then(() => worker.unref());
    return { worker, up };
  } catch {
    return { up: Promise.resolve() };
  }
}

// Restores the default effect of signals. Its end is waited for, so it has to keep this process alive, even if it says
// only now that it is up.
async function endThread({ worker, up }: Thread = { up: Promise.resolve() }): Promise<void> {
  void up.then(() => worker?.ref());
  await worker?.terminate();
}

function stoppedError({ what, location, child }: Stopped): SerializedError {
  const when = what === undefined ? 'for too long' : `when ${what} came`;
  return {
    message: location
      ? `The main process was blocked ${when}, at ${location.file}:${location.line}:${location.column}: this code did not return, and was stopped`
      : `The main process was blocked ${when}: it waited for ${child}, which was killed`,
    hint: 'Code in a reporter, a global setup or teardown runs in the main process; what takes long there must be asynchronous.',
    ...(location && { location }),
  };
}

function endOf(reason: unknown): End {
  if (reason instanceof Terminated) return { what: reason.kind, exitCode: reason.exitCode };
  const what = reason instanceof Blocked ? 'its main process had been blocked' : 'the global timeout';
  return { what, exitCode: ExitCode.failed };
}
