import type { Json } from '../json.js';

/** Undo of one change to the system, as plain data: it must work after the process that made the change is gone. */
export type UndoRecipe =
  /**
   * Send a signal, only if the process with this pid still has this start time (field 22 of `/proc/PID/stat`, clock
   * ticks).
   */
  | {
      readonly kind: 'signal';
      readonly pid: number;
      readonly startTime: number;
      readonly signal: NodeJS.Signals;
      readonly tree?: boolean;
    }
  /**
   * Run a command that removes a fault's effect: `tc qdisc|class|filter del …`, `tc qdisc add|replace …`, `nft
   * delete|destroy|flush …`, `ip link|rule|route|address del …`, `rmdir /sys/fs/cgroup/…`. Other commands are refused,
   * when they are recorded and when they are replayed.
   */
  | { readonly kind: 'exec'; readonly argv: readonly [string, ...string[]] }
  | { readonly kind: 'remove'; readonly path: string } // Remove a file or a folder with all that is in it.
  /**
   * Import `module` (a file URL) and call its `export` with `data`. The package of the file declares it as an undo, in
   * its `package.json`: `"chaos": { "undo": { "./dist/heal.js": ["heal"] } }`; others are refused.
   */
  | { readonly kind: 'call'; readonly module: string; readonly export: string; readonly data: Json };

/** A recipe that has been written down. */
export interface JournalEntry {
  /** Marks the change as undone (or never made): the recipe must not be replayed. A second call does nothing. */
  settle(): void;
}

/**
 * Log of undo recipes, each written *before* its fault acts. Healing runs them in reverse order, all of them even if
 * one fails.
 */
export interface Journal {
  /**
   * Returns once the recipe is in the file, so that it survives SIGKILL of the caller. `what` describes it in messages.
   */
  record(recipe: UndoRecipe, what: string): JournalEntry;
}

/** A journal that keeps nothing: for packages used without the runner. */
export const noJournal: Journal = { record: () => ({ settle() {} }) };
