import type { UndoRecipe } from '@chaos/spec';
import { callExport } from './call-export.js';
import { removePath } from './remove-path.js';
import { runCommand } from './run-command.js';
import { signalProcess } from './signal-process.js';

/** Undoes one change. Harmless where there is nothing left to undo; rejects when it could not be done. */
export function applyRecipe(recipe: UndoRecipe): Promise<void> {
  switch (recipe.kind) {
    case 'signal':
      return signalProcess(recipe);
    case 'exec':
      return runCommand(recipe.argv);
    case 'remove':
      return removePath(recipe.path);
    case 'call':
      return callExport(recipe);
    default:
      return Promise.reject(
        new TypeError(`Cannot undo: unknown kind of recipe ${JSON.stringify((recipe as { kind?: unknown }).kind)}`),
      );
  }
}
