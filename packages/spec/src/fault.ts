import type { UndoRecipe } from './journal.js';

/** Something that can really be broken, and mended again. Nothing happens until `inject`. */
export interface Fault {
  /** Stable, for people and reports: `link target→postgres cut`, `postgres SIGKILL`. */ readonly name: string;
  /** Plain data for what outlives the process; faults that die with their process have none. */ readonly undo?: UndoRecipe;
  /** It heals itself after so long; default: when it is healed. */ readonly durationMs?: number;
  /** Resolves when the fault is in force. Rejects, with nothing left behind, when `signal` aborts first. */ inject(
    signal: AbortSignal,
  ): Promise<ActiveFault>;
}

/** A fault in force. */
export interface ActiveFault extends AsyncDisposable {
  /** Resolves when the world is as before. Twice is harmless. */ heal(): Promise<void>;
}

/** When a fault was in force, on the wall clock; `endMs` is absent while it is. */
export interface FaultWindow {
  readonly name: string;
  /** Milliseconds since the Unix epoch. */ readonly startMs: number;
  readonly endMs?: number;
}
