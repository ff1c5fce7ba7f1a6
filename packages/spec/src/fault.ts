import type { UndoRecipe } from './journal.js';

/** A real failure that can be caused and undone. Nothing happens until `inject`. */
export interface Fault {
  /** Stable name, for messages and reports: `link target→postgres cut`, `postgres SIGKILL`. */ readonly name: string;
  /** Undo as plain data, for effects that outlive the process; faults that die with their process have none. */
  readonly undo?: UndoRecipe;
  /** The fault heals itself after this time; default: it stays until it is healed. */ readonly durationMs?: number;
  /** Resolves when the fault is in force. Rejects, with nothing left behind, when `signal` aborts first. */ inject(
    signal: AbortSignal,
  ): Promise<ActiveFault>;
}

/** A fault in force. */
export interface ActiveFault extends AsyncDisposable {
  /** Resolves when everything is as it was before. A second call does nothing. */ heal(): Promise<void>;
}

/** Period in which a fault was in force, on the wall clock; `endMs` is absent while it lasts. */
export interface FaultWindow {
  readonly name: string;
  /** Milliseconds since the Unix epoch. */ readonly startMs: number;
  readonly endMs?: number;
}
