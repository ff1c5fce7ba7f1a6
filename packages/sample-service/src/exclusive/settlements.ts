import type { Budget } from '../budget.js';
import type { Queries } from '../database/connections.js';
import type { Statements } from '../database/statements.js';
import { ServiceError } from '../service-error.js';
import type { Leases } from './leases.js';

/** The latest settlement of an account group. */
export interface Settlement {
  readonly name: string;
  /** Grows with every holder of the lease. */
  readonly fence: number;
}

/** Settlements, one at a time for each name. */
export interface Settlements {
  /** @throws ServiceError `BUSY` when one is under way, `FENCED` when a later one has been faster. */
  settle(budget: Budget, name: string, busyMs: number): Promise<Settlement>;
}

/** Stores a settlement unless a later holder was faster; resolves with no row then. */
export type StoreSettlement = (queries: Queries, settlement: Settlement) => Promise<readonly object[]>;

const STORE = `INSERT INTO settlements (name, fence) VALUES ($1, $2)
  ON CONFLICT (name) DO UPDATE SET fence = excluded.fence WHERE settlements.fence < excluded.fence RETURNING name`;

/** Compares fences in the statement that stores. */
export const storeFenced: StoreSettlement = (queries, { name, fence }) => queries.rows(STORE, [name, fence]);

/**
 * Settlements under a lease. A lease may end while its holder sleeps, so each holder draws a number that grows, and the
 * database refuses to store anything with a smaller one than it has.
 */
export function createSettlements(
  { statements, leases }: { readonly statements: Statements; readonly leases: Leases },
  store: StoreSettlement = storeFenced,
): Settlements {
  return {
    async settle(budget, name, busyMs) {
      const lease = await leases.take(name);
      try {
        const [drawn] = await statements
          .writing(budget)
          .rows<{ fence: string }>("SELECT nextval('settlement_fence') AS fence");
        const fence = Number(drawn?.fence);
        await statements.reading(budget).rows('SELECT pg_sleep($1)', [busyMs / 1000]);
        const stored = await store(statements.writing(budget), { name, fence });
        if (stored.length === 0) throw new ServiceError('FENCED', `A later settlement of "${name}" was faster`);
        return { name, fence };
      } finally {
        await lease.release();
      }
    },
  };
}
