import type { Queries } from '../database/connections.js';
import { kindOf, toServiceError } from '../database/database-error.js';
import { ServiceError, type ErrorCode } from '../service-error.js';

/** Result of one order of a batch: made, or refused with a code. */
export type BatchResult = { readonly made: true } | { readonly made: false; readonly code: ErrorCode };

/** Makes each order in a savepoint, so that one that is refused leaves the others as they are. */
export async function moveAll<Order extends { readonly from: string; readonly to: string }>(
  queries: Queries,
  orders: readonly Order[],
  move: (queries: Queries, order: Order) => Promise<unknown>,
): Promise<readonly BatchResult[]> {
  // All rows in one order first: no two batches wait for each other in a circle.
  const ids = [...new Set(orders.flatMap(({ from, to }) => [from, to]))];
  await queries.rows('SELECT id FROM accounts WHERE id = ANY($1) ORDER BY id FOR UPDATE', [ids]);
  const results: BatchResult[] = [];
  for (const order of orders) {
    await queries.rows('SAVEPOINT one_order');
    try {
      await move(queries, order);
      await queries.rows('RELEASE SAVEPOINT one_order');
      results.push({ made: true });
    } catch (error) {
      const isRefusal = error instanceof ServiceError ? error.status < 500 : kindOf(error) === 'refused';
      if (!isRefusal) throw error;
      await queries.rows('ROLLBACK TO SAVEPOINT one_order');
      results.push({ made: false, code: toServiceError(error).code });
    }
  }
  return results;
}
