import type { SerializedError } from '@chaos/spec';
import { Ending } from './ending.js';
import { createWatchdog } from './start-watchdog.js';
import { watchTermination } from './termination.js';

/** What ends a run early from outside: a signal, or that its time is up. */
export interface Ends extends AsyncDisposable {
  /** Aborts at the first of them. */
  readonly signal: AbortSignal;
  readonly ending: Ending;
  /** Resolves when code of the user's may run here: even if it blocks, the run will end. */
  readonly isWatched: Promise<void>;
  /** That of the signal, where there was one. */
  exitCode(): number | undefined;
  /** Why the run has no time left, where that is so. */
  late(): Error | undefined;
  /** The time that the run may take is over, whatever it took. */
  stopClock(): void;
}

/** Watches for what ends a run. A second signal of a kind ends this process at once. */
export function watchEnds({
  limitMs,
  late,
  isUsersCodeHere,
  tell,
}: {
  /** What the run may take; 0 = without limit. */
  readonly limitMs: number;
  /** Says that it took longer. */
  readonly late: () => Error;
  readonly isUsersCodeHere: boolean;
  /** Hears what did not end in time. */
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
