import { setMaxListeners } from 'node:events';
import type { SerializedError } from '@chaos/spec';
import type { OwnProcess } from '../run-options.js';
import { Blocked } from './blocked.js';
import { Ending } from './ending.js';
import { createWatchdog, type Watchdog } from './start-watchdog.js';
import { watchTermination, type Terminated, type Termination } from './termination.js';

/**
 * Causes that end a run early: a signal, its time limit, the program that embeds it, or code that blocks its process.
 */
export interface Ends extends AsyncDisposable {
  /** Aborts at the first cause. */
  readonly signal: AbortSignal;
  readonly ending: Ending;
  /** Resolves when user code may run here: even if it blocks, the run will end. */
  readonly isWatched: Promise<void>;
  /** Exit code of the signal or the stop, if there was one. */
  exitCode(): number | undefined;
  /** Reason why the run has no time left, if so. */
  late(): Error | undefined;
  /** The run's time limit no longer applies. */
  stopClock(): void;
}

/** Options of {@link watchEnds}. */
export interface WatchEndsOptions {
  /** Time limit of the run, ms; 0 = none. */
  readonly limitMs: number;
  /** Creates the error for an exceeded limit. */
  readonly late: () => Error;
  readonly isUsersCodeHere: boolean;
  /** Aborts with a {@link Terminated}. */
  readonly stopped: AbortSignal;
  /** Whose signals are watched. Without it neither a signal nor a thread of ours does anything to this process. */
  readonly ownProcess: OwnProcess | undefined;
  /** Gets the parts that did not end in time. */
  readonly tell: (error: SerializedError) => void;
}

/** Watches for causes that end a run. A second signal of the same kind ends a process that the run owns at once. */
export function watchEnds(options: WatchEndsOptions): Ends {
  const { limitMs, late, isUsersCodeHere, stopped, ownProcess, tell } = options;
  const termination = ownProcess && terminationOf(ownProcess);
  const deadline = new AbortController();
  const timer = limitMs === 0 ? undefined : setTimeout(() => deadline.abort(late()), limitMs).unref();
  const blocked = new AbortController();
  const causes = [stopped, deadline.signal, blocked.signal, ...(termination ? [termination.signal] : [])];
  const signal = AbortSignal.any(causes);
  // Everything that the run does at a time listens to it; Node takes more than ten listeners for a leak.
  setMaxListeners(0, signal);
  const onBlocked = (): void => blocked.abort(new Blocked());
  const watchdog = ownProcess ? createWatchdog({ signal, deadlineMs: limitMs || undefined, tell, onBlocked }) : nobody;
  return {
    signal,
    isWatched: isUsersCodeHere ? watchdog.start() : Promise.resolve(),
    ending: new Ending(signal, tell, watchdog.noticedMsAgo),
    exitCode: () => termination?.exitCode ?? (stopped.aborted ? (stopped.reason as Terminated).exitCode : undefined),
    late: () => (deadline.signal.aborted ? (deadline.signal.reason as Error) : undefined),
    stopClock() {
      clearTimeout(timer);
      watchdog.stopClock();
    },
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      await watchdog[Symbol.asyncDispose]();
      termination?.[Symbol.dispose]();
    },
  };
}

function terminationOf(ownProcess: OwnProcess): Termination {
  const termination = watchTermination();
  const leave = (): void => ownProcess.exit(termination.exitCode as number);
  termination.force.addEventListener('abort', leave, { once: true });
  return termination;
}

// The program that embeds the run watches itself.
const nobody: Watchdog = {
  start: () => Promise.resolve(),
  stopClock() {},
  noticedMsAgo: () => 0,
  [Symbol.asyncDispose]: () => Promise.resolve(),
};
