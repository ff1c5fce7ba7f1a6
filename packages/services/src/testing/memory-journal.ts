import type { Journal, UndoRecipe } from '@chaos/spec';

/** A journal to look into. */
export interface MemoryJournal extends Journal {
  /** Recipes that are not settled, newest first: what a watcher would replay. */
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
