import type { ExitCode, Location } from '@chaos/spec';

/** Indexes into the memory that main and its watchdog share. */
export const BEATS = 0;
/** Time at which the end of the run was first noticed, by the machine's counter; 0 = not yet. */
export const NOTICED_NS = 1;
/** Not 0 once the run's time limit no longer applies. */
export const IN_TIME = 2;
/** Counts the turns of main's event loop, from the start. */
export const TURNS = 3;
export const SHARED_BYTES = 32;

/** Start data of a watchdog. */
export interface WatchdogData {
  readonly shared: BigInt64Array;
  /** Exit codes of the run for each kind of end. */
  readonly exitCodes: Pick<typeof ExitCode, 'failed' | 'usage' | 'interrupted' | 'terminated'>;
  /** Time at which the run must end by itself, by the machine's counter. */
  readonly deadlineNs?: bigint;
  /** Cause that has ended the run already. */
  readonly ended?: End;
  /**
   * File that main loads, before a run: then only code that blocks main is looked for, and signals have their usual
   * effect.
   */
  readonly loading?: string;
  /** A debugger may hold main for as long as it likes. */
  readonly isDebugged: boolean;
}

/** Cause of a run's end. */
export interface End {
  /** "SIGTERM", "the global timeout". */
  readonly what: string;
  readonly exitCode: number;
}

/** Message from the watchdog, handled when main's event loop turns again. */
export interface Stopped {
  /** Cause of the run's end; missing if nothing but the hang ended that code. */
  readonly what?: string;
  /** Code that did not return. */
  readonly location?: Location;
  /** A process that main waited for. */
  readonly child?: string;
}

/** The machine's counter, the same in all threads. */
export const nowNs = (): bigint => process.hrtime.bigint();
