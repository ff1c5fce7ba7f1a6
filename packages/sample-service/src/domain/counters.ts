import type { Budget } from '../budget.js';
import type { Statements } from '../database/statements.js';
import { ServiceError } from '../service-error.js';

/** A number that many increment at the same time. */
export interface Counter {
  readonly name: string;
  readonly value: number;
}

/** Counters that lose no increment. */
export interface Counters {
  find(budget: Budget, name: string): Promise<Counter>;
  /** Starts at 0 if the counter does not exist. */
  increment(budget: Budget, name: string, by: number): Promise<Counter>;
}

const INCREMENT =
  'INSERT INTO counters (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value RETURNING value';

/** Counters in PostgreSQL; an increment is a single statement. */
export function createCounters({ statements }: { readonly statements: Statements }): Counters {
  return {
    async find(budget, name) {
      const [row] = await statements
        .reading(budget)
        .rows<{ value: string }>('SELECT value FROM counters WHERE name = $1', [name]);
      if (row === undefined) throw new ServiceError('NOT_FOUND', `There is no counter "${name}"`);
      return { name, value: Number(row.value) };
    },
    async increment(budget, name, by) {
      const [row] = await statements.writing(budget).rows<{ value: string }>(INCREMENT, [name, by]);
      return { name, value: Number(row?.value) };
    },
  };
}
