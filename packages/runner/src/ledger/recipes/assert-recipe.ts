import type { UndoRecipe } from '@chaos/spec';
import { assertUndoCommand } from './undo-command.js';
import { undoFunction } from './undo-function.js';

const SIGNAL = /^SIG[A-Z0-9]+$/;

/**
 * Asserts that a recipe is a permitted undo, so that content of a file alone cannot run anything: a signal to a known
 * process, a command of a closed list ({@link assertUndoCommand}), the removal of a path, or a function that its
 * package declares as an undo ({@link undoFunction}).
 *
 * @throws TypeError that names the recipe and what is allowed
 */
export function assertRecipe(recipe: UndoRecipe): void {
  switch (recipe.kind) {
    case 'signal':
      return assertSignal(recipe);
    case 'exec':
      return assertUndoCommand(recipe.argv);
    case 'remove':
      if (typeof recipe.path !== 'string') throw refusal(recipe, 'path must be a string');
      return;
    case 'call':
      return void undoFunction(recipe);
    default:
      throw refusal(recipe, `kind must be signal, exec, remove or call`);
  }
}

function assertSignal(recipe: Extract<UndoRecipe, { kind: 'signal' }>): void {
  const { pid, startTime, signal, tree } = recipe as { readonly [K in keyof typeof recipe]?: unknown };
  // 0, 1 and negative numbers mean process groups, or init.
  if (!Number.isSafeInteger(pid) || (pid as number) < 2) throw refusal(recipe, 'pid must be a whole number from 2');
  if (typeof startTime !== 'number' || !Number.isFinite(startTime)) throw refusal(recipe, 'startTime must be a number');
  if (typeof signal !== 'string' || !SIGNAL.test(signal))
    throw refusal(recipe, 'signal must be a name such as SIGCONT');
  if (tree !== undefined && typeof tree !== 'boolean') throw refusal(recipe, 'tree must be true or false');
}

function refusal(recipe: unknown, why: string): TypeError {
  return new TypeError(`Cannot undo ${JSON.stringify(recipe)?.slice(0, 200)}: ${why}`);
}
