import type { UndoRecipe } from '@chaos/spec';

/** A recipe as written in a journal file. */
export interface JournalRecord {
  readonly id: string;
  readonly recipe: UndoRecipe;
  readonly what: string;
  /** Monotonic clock of the machine, ms: equal in all processes, and no clock fault moves it. */
  readonly timeMs: number;
}

/** A settled recipe, which must not be replayed. */
export interface SettledRecord {
  readonly settled: string;
}

/** Parses one line of a journal file; `undefined` for a torn or foreign one. */
export function parseJournalLine(line: string): JournalRecord | SettledRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if ('settled' in value) return typeof value.settled === 'string' ? { settled: value.settled } : undefined;
  const { id, recipe, what, timeMs } = value as Partial<JournalRecord>;
  if (typeof id !== 'string' || typeof what !== 'string' || typeof timeMs !== 'number') return undefined;
  if (typeof recipe !== 'object' || recipe === null) return undefined;
  return { id, recipe, what, timeMs };
}
