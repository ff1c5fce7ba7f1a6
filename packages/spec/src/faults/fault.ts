import type { UndoRecipe } from './journal.js';

/** A real failure that can be caused and undone. Nothing happens until `inject`. */
export interface Fault {
  /** Stable name, for messages and reports: `link target→postgres cut`, `postgres SIGKILL`. */
  readonly name: string;
  /** Undo as plain data, for effects that outlive the process; faults that die with their process have none. */
  readonly undo?: UndoRecipe;
  /** The fault heals itself after this time; default: it stays until it is healed. */
  readonly durationMs?: number;
  /** Resolves when the fault is in force. Rejects, with nothing left behind, when `signal` aborts first. */
  inject(signal: AbortSignal): Promise<ActiveFault>;
}

/** A fault in force. */
export interface ActiveFault extends AsyncDisposable {
  /** Resolves when everything is as it was before. A second call does nothing. */
  heal(): Promise<void>;
  /** Counts of what it met until it was healed; `undefined` where nobody can know. */
  met?(): FaultMet | undefined;
  /**
   * Proves by a probe of our own that the fault is in force, and returns what the probe saw. Rejects where it is not.
   * What the probe does is not counted in {@link met}.
   */
  prove?(signal: AbortSignal): Promise<string>;
}

/** Counts of what a fault met: `{ connections: 3, bytes: 1200 }`. All 0: it met nothing. */
export type FaultMet = Readonly<Record<string, number>>;

/** Options of `inject()`. */
export interface InjectOptions {
  /**
   * The reason why nobody may meet the fault: `keys are cached`. The test claims just that, so a fault that met nothing
   * does not make it inconclusive. Instead a probe of our own proves that the fault was in force.
   */
  readonly mayMeetNothing?: string;
}

/** Period in which a fault was in force, on the wall clock; `endMs` is absent while it lasts. */
export interface FaultWindow {
  /** Of the fault. */
  readonly name: string;
  /** Milliseconds since the Unix epoch. */
  readonly startMs: number;
  /** Milliseconds since the Unix epoch. */
  readonly endMs?: number;
  /** Counts of what it met; absent while it lasts, and where nobody can know. */
  readonly met?: FaultMet;
  /** Reason why it may meet nothing, as the test stated it. */
  readonly mayMeetNothing?: string;
  /** What a probe of our own saw of it, where the test stated that nobody else may. */
  readonly proof?: string;
}
