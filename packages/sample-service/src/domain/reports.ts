import type { Budget } from '../budget.js';
import type { Statements } from '../database/statements.js';

/** Heavy reads. */
export interface Reports {
  /** A report over all accounts, which keeps the database busy for `busyMs`. */
  slow(budget: Budget, busyMs: number): Promise<{ readonly accounts: number; readonly busyMs: number }>;
}

/** Reports by PostgreSQL, which aborts those that exceed the statement time-out. */
export function createReports({ statements }: { readonly statements: Statements }): Reports {
  return {
    async slow(budget, busyMs) {
      const [row] = await statements
        .reading(budget)
        .rows<{ accounts: string }>('/* slow report */ SELECT count(*) AS accounts, pg_sleep($1) FROM accounts', [
          busyMs / 1000,
        ]);
      return { accounts: Number(row?.accounts), busyMs };
    },
  };
}
