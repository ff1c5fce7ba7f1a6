import type { UndoRecipe } from '@chaos/spec';
import { assertRecipe } from './assert-recipe.js';
import { callExport } from './call-export.js';
import { removePath } from './remove-path.js';
import { runCommand } from './run-command.js';
import { signalProcess } from './signal-process.js';

/**
 * Undoes one change. Does nothing if it is undone already; rejects if it fails, or if the recipe is not a permitted
 * undo ({@link assertRecipe}).
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
