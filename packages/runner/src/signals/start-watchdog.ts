import { Worker } from 'node:worker_threads';
import { ExitCode, type SerializedError } from '@chaos/spec';
import { processEntry } from '../process-entry.js';
import { Terminated } from './termination.js';
import { BEATS, IN_TIME, NOTICED_NS, nowNs, type End, type Stopped, type WatchdogData } from './watchdog-data.js';

const BEAT_MS = 200;
/** A run without code of the user's in this process is over before that, mostly. */
const LATER_MS = 1000;

/** Sees to it that a run ends though its main process is blocked. */
export interface Watchdog extends AsyncDisposable {
  /**
   * Starts it, where it is not there yet: code of the user's is about to run here. Resolves when it sees signals; where
   * it cannot be had, too.
   */
  start(): Promise<void>;
  /** The time limit counts no more. */
  stopClock(): void;
  /** How long ago what ends the run was noticed, in milliseconds: main may have been deaf then. */
  noticedMsAgo(): number;
}

/**
 * A thread that watches this one from the moment that `signal` aborts, or should have: at a signal, or at `deadlineMs`
 * from now. Code of the user's that blocks this thread then is stopped, and `tell` hears of it; else the process is
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
    // It may not have seen it by itself.
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
      // Signals have their usual effect again.
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
      // Its own: what the user has node load for the tests is no part of it. The flag gives it signals.
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
