import { Worker } from 'node:worker_threads';
import { ExitCode, type SerializedError } from '@chaos/spec';
import { processEntry } from '../process-entry.js';
import { Terminated } from './termination.js';
import { BEATS, IN_TIME, NOTICED_NS, nowNs, type End, type Stopped, type WatchdogData } from './watchdog-data.js';

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
 * A thread that watches this one from the moment that `signal` aborts, or should have: at a signal, or `deadlineMs`
 * from now. User code that blocks this thread then is stopped and reported to `tell`; if that fails, the process is
 * ended.
 */
export function createWatchdog({
  signal,
  deadlineMs,
  tell,
}: {
  readonly signal: AbortSignal;
  readonly deadlineMs: number | undefined;
  readonly tell: (error: SerializedError) => void;
}): Watchdog {
  const shared = new BigInt64Array(new SharedArrayBuffer(24));
  const deadlineNs = deadlineMs === undefined ? undefined : nowNs() + BigInt(Math.round(deadlineMs * 1e6));
  const beat = (): void => void Atomics.add(shared, BEATS, 1n);
  let started: Thread | undefined;
  let beating: NodeJS.Timeout | undefined;
  const later = setTimeout(() => void start(), LATER_MS).unref();

  const start = (ended?: End): Promise<void> => {
    clearTimeout(later);
    if (started) return started.up;
    const data: WatchdogData = {
      shared,
      exitCodes: ExitCode,
      ...(deadlineNs !== undefined && { deadlineNs }),
      ...(ended && { ended }),
    };
    started = startThread(data, tell);
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
      clearTimeout(later);
      clearInterval(beating);
      signal.removeEventListener('abort', onEnd);
      // Restores the default effect of signals.
      await started?.worker?.terminate();
    },
  };
}

interface Thread {
  readonly worker?: Worker;
  readonly up: Promise<void>;
}

function startThread(data: WatchdogData, tell: (error: SerializedError) => void): Thread {
  try {
    const worker = new Worker(processEntry('signals/watchdog.cjs'), {
      workerData: data,
      // Its own execArgv: modules that the user preloads for tests do not belong here. The flag lets it receive
      // signals.
      env: {},
      execArgv: ['--expose-internals', '--no-warnings'],
      resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 },
    });
    worker.unref();
    const up = new Promise<void>((resolve) => {
      worker.on('error', () => resolve());
      worker.on('exit', () => resolve());
      worker.on('message', (message: Stopped | null) => (message === null ? resolve() : tell(stoppedError(message))));
    });
    return { worker, up };
  } catch {
    return { up: Promise.resolve() };
  }
}

function stoppedError({ what, location, child }: Stopped): SerializedError {
  return {
    message: location
      ? `The main process was blocked when ${what} came, at ${location.file}:${location.line}:${location.column}: this code did not return, and was stopped`
      : `The main process was blocked when ${what} came: it waited for ${child}, which was killed`,
    hint: 'Code in a reporter, a global setup or teardown runs in the main process; what takes long there must be asynchronous.',
    ...(location && { location }),
  };
}

function endOf(reason: unknown): End {
  return reason instanceof Terminated
    ? { what: reason.kind, exitCode: reason.exitCode }
    : { what: 'the global timeout', exitCode: ExitCode.failed };
}
