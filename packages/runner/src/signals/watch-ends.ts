import type { SerializedError } from '@chaos/spec';
import { Ending } from './ending.js';
import { createWatchdog } from './start-watchdog.js';
import { watchTermination } from './termination.js';

/** External causes that end a run early: a signal, or its time limit. */
export interface Ends extends AsyncDisposable {
  /** Aborts at the first cause. */
  readonly signal: AbortSignal;
  readonly ending: Ending;
  /** Resolves when user code may run here: even if it blocks, the run will end. */
  readonly isWatched: Promise<void>;
  /** Exit code of the signal, if there was one. */
  exitCode(): number | undefined;
  /** Reason why the run has no time left, if so. */
  late(): Error | undefined;
  /** The run's time limit no longer applies. */
  stopClock(): void;
}

/** Watches for causes that end a run. A second signal of the same kind ends this process at once. */
export function watchEnds({
  limitMs,
  late,
  isUsersCodeHere,
  tell,
}: {
  /** Time limit of the run, ms; 0 = none. */
  readonly limitMs: number;
  /** Creates the error for an exceeded limit. */
  readonly late: () => Error;
  readonly isUsersCodeHere: boolean;
  /** Gets the parts that did not end in time. */
  readonly tell: (error: SerializedError) => void;
}): Ends {
  const termination = watchTermination();
  const leave = (): never => process.exit(termination.exitCode);
  termination.force.addEventListener('abort', leave, { once: true });
  const deadline = new AbortController();
  const timer = limitMs === 0 ? undefined : setTimeout(() => deadline.abort(late()), limitMs);
  const signal = AbortSignal.any([termination.signal, deadline.signal]);
  const watchdog = createWatchdog({ signal, deadlineMs: limitMs || undefined, tell });
  return {
    signal,
    isWatched: isUsersCodeHere ? watchdog.start() : Promise.resolve(),
    ending: new Ending(signal, tell, watchdog.noticedMsAgo),
    exitCode: () => (termination.signal.aborted ? termination.exitCode : undefined),
    late: () => (deadline.signal.aborted ? (deadline.signal.reason as Error) : undefined),
    stopClock() {
      clearTimeout(timer);
      watchdog.stopClock();
    },
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      await watchdog[Symbol.asyncDispose]();
      termination[Symbol.dispose]();
    },
  };
}
