import type { UndoRecipe } from '@chaos/spec';
import { assertRecipe } from './assert-recipe.js';
import { callExport } from './call-export.js';
import { removePath } from './remove-path.js';
import { runCommand } from './run-command.js';
import { signalProcess } from './signal-process.js';

/**
 * Undoes one change. Harmless where there is nothing left to undo; rejects when it could not be done, or is nothing that
 * an undo may be ({@link assertRecipe}).
 */
export async function applyRecipe(recipe: UndoRecipe): Promise<void> {
  assertRecipe(recipe);
  switch (recipe.kind) {
    case 'signal':
      return signalProcess(recipe);
    case 'exec':
      return runCommand(recipe.argv);
    case 'remove':
      return removePath(recipe.path);
    case 'call':
      return callExport(recipe);
  }
}
