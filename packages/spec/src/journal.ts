import type { Json } from './json.js';

/** How to undo one change of the world, as plain data: it must work after the process that made the change is gone. */
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
   * Run a command that takes away what a fault made: `tc qdisc|class|filter del …`, `tc qdisc add|replace …`, `nft
   * delete|destroy|flush …`, `ip link|rule|route|address del …`, `rmdir /sys/fs/cgroup/…`. Others are refused, when they
   * are recorded and when they are replayed.
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
  /** The change has been undone (or never happened): the recipe must not be replayed. Twice is harmless. */ settle(): void;
}

/** Where undo recipes are written *before* a fault acts. Healed in reverse, all of them even if one fails. */
export interface Journal {
  /** Returns once the recipe is in the file: it survives SIGKILL of the caller. `what` is for people. */
  record(recipe: UndoRecipe, what: string): JournalEntry;
}

/** A journal that forgets: for use of a package without the runner. */
export const noJournal: Journal = { record: () => ({ settle() {} }) };
