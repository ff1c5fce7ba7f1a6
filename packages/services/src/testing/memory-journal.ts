import type { Journal, UndoRecipe } from '@chaos/spec';

/** A journal whose content tests can inspect. */
export interface MemoryJournal extends Journal {
  /** Unsettled recipes, newest first: those that a watcher would replay. */
  open(): readonly UndoRecipe[];
}

export function createMemoryJournal(): MemoryJournal {
  const recipes = new Set<UndoRecipe>();
  return {
    record(recipe) {
      recipes.add(recipe);
      return { settle: () => void recipes.delete(recipe) };
    },
    open: () => [...recipes].reverse(),
  };
}
