import { closeSync, constants, writeSync } from 'node:fs';
import { openPrivateFile } from '@chaos/env/private';
import type { UndoRecipe } from '@chaos/spec';
import { applyRecipe } from './recipes/apply-recipe.js';
import { readJournals } from './read-journals.js';

/** A change that was undone. */
export interface HealedRecipe {
  readonly what: string;
  readonly recipe: UndoRecipe;
}

/** A change that could not be undone; it stays in its journal. */
export interface FailedRecipe extends HealedRecipe {
  readonly error: Error;
}

/** Result of replaying journals. */
export interface HealReport {
  readonly healed: readonly HealedRecipe[];
  readonly failed: readonly FailedRecipe[];
}

/** Options for healing journals. */
export interface HealOptions {
  readonly log: (line: string) => void;
  /** The name of one journal, instead of all in the folder. */
  readonly only?: string;
}

/**
 * Replays every unsettled recipe of a folder of journals, latest first, all of them even if one fails, and settles
 * those that worked. An unreadable line (its writer died while writing, so its fault never acted) is reported and
 * skipped.
 */
export async function healJournals(directory: string, { log, only }: HealOptions): Promise<HealReport> {
  const healed: HealedRecipe[] = [];
  const failed: FailedRecipe[] = [];
  const pending = readJournals(
    directory,
    (line, file) => log(`${file}: passed over a broken line: ${line.slice(0, 120)}`),
    only,
  );
  for (const { id, recipe, what, file } of pending) {
    try {
      await applyRecipe(recipe);
      settle(file, id);
      healed.push({ what, recipe });
      log(`healed: ${what}`);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      failed.push({ what, recipe, error });
      log(`not healed: ${what}: ${error.message}`);
    }
  }
  return { healed, failed };
}

function settle(path: string, id: string): void {
  const file = openPrivateFile(path, constants.O_WRONLY | constants.O_APPEND);
  try {
    writeSync(file, `\n${JSON.stringify({ settled: id })}\n`);
  } finally {
    closeSync(file);
  }
}
