import type { PostgresPool, SqlIsolation } from '../../classify/postgres-client.js';
import { postgresTransaction, type PostgresQuery } from '../../classify/postgres-transaction.js';

/** Transactions of one isolation level. */
export function withIsolation(
  pool: PostgresPool,
  isolation: SqlIsolation | undefined,
): <T>(body: (query: PostgresQuery) => Promise<T>) => Promise<T> {
  return (body) => postgresTransaction(pool, body, isolation === undefined ? {} : { isolation });
}

/** Statements that make a workload's table, one after the other and committed. */
export async function createTable(pool: PostgresPool, statements: readonly string[]): Promise<void> {
  await postgresTransaction(pool, async (query) => {
    for (const statement of statements) await query(statement);
  });
}
