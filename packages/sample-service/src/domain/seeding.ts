import type { Budget } from '../budget.js';
import type { Cache } from './cache.js';
import type { Document, documentKey } from './document.js';
import type { Statements } from '../database/statements.js';

/** Content to fill a database with: balances, bodies, values and quantities by id. */
export interface Seed {
  readonly accounts?: Readonly<Record<string, number>>;
  readonly documents?: Readonly<Record<string, string>>;
  readonly counters?: Readonly<Record<string, number>>;
  readonly stock?: Readonly<Record<string, number>>;
}

/** Fills the database for demonstrations and tests. */
export interface Seeding {
  /**
   * Sets the named entries and leaves all others alone; one statement, so all or nothing. Documents are the tenant's.
   */
  apply(budget: Budget, tenant: string, seed: Seed): Promise<void>;
}

const SEED = `
WITH a AS (
    INSERT INTO accounts SELECT key, value::bigint FROM jsonb_each_text($1)
    ON CONFLICT (id) DO UPDATE SET balance = excluded.balance
  ),
  d AS (
    INSERT INTO documents (tenant, id, body, version) SELECT $5, key, value, 1 FROM jsonb_each_text($2)
    ON CONFLICT (tenant, id) DO UPDATE SET body = excluded.body, version = documents.version + 1
  ),
  c AS (
    INSERT INTO counters SELECT key, value::bigint FROM jsonb_each_text($3)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
  )
INSERT INTO stock SELECT key, value::bigint FROM jsonb_each_text($4)
ON CONFLICT (item) DO UPDATE SET quantity = excluded.quantity`;

/** Seeding of PostgreSQL. */
export function createSeeding({
  statements,
  cache,
  keyOf,
}: {
  readonly statements: Statements;
  readonly cache: Cache<Document>;
  readonly keyOf: typeof documentKey;
}): Seeding {
  return {
    async apply(budget, tenant, { accounts = {}, documents = {}, counters = {}, stock = {} }) {
      await statements
        .writing(budget)
        .rows(SEED, [...[accounts, documents, counters, stock].map((part) => JSON.stringify(part)), tenant]);
      await Promise.all(Object.keys(documents).map((id) => cache.invalidate(keyOf({ tenant, id }))));
    },
  };
}
