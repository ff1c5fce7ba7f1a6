import type { Location } from '@chaos/spec';

/** Places in the memory that main and its watchdog share. */
export const BEATS = 0;
/** When what ends the run was first noticed, by the machine's counter; 0 = not yet. */
export const NOTICED_NS = 1;
/** Not 0 once the limit of the run counts no more. */
export const IN_TIME = 2;

/** What a watchdog starts with. */
export interface WatchdogData {
  readonly shared: BigInt64Array;
  /** What the run ends with then. */
  readonly exitCodes: { readonly failed: number; readonly interrupted: number; readonly terminated: number };
  /** When the run has to end by itself, by the machine's counter. */
  readonly deadlineNs?: bigint;
  /** What ends the run already. */
  readonly ended?: End;
}

/** What ends a run. */
export interface End {
  /** "SIGTERM", "the global timeout". */
  readonly what: string;
  readonly exitCode: number;
}

/** What a watchdog tells main of, once that turns again. */
export interface Stopped {
  readonly what: string;
  /** Code that did not return. */
  readonly location?: Location;
  /** A process that was waited for. */
  readonly child?: string;
}

/** The machine's counter, the same in all threads. */
export const nowNs = (): bigint => process.hrtime.bigint();
