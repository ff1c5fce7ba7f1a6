import type { Queries } from '../database/connections.js';
import { createAccounts } from '../domain/accounts.js';
import type { Defect } from '../composition/defect.js';

/**
 * Goes back to the savepoint only after errors of the database; what an order changed before the service itself refused
 * it stays. From bug reports on nested transactions of query builders.
 */
export const defect: Defect = {
  accounts: (parts) => {
    const accounts = createAccounts(parts);
    return {
      ...accounts,
      transferAll: (budget, operation, orders) =>
        parts.operations.run(budget, 'READ COMMITTED', operation, async (queries: Queries) => {
          const results = [];
          for (const { from, to, amount } of orders) {
            await queries.rows('SAVEPOINT one_order');
            const add = 'UPDATE accounts SET balance = balance + $2::bigint WHERE id = $1 RETURNING id';
            try {
              await queries.rows(add, [from, -amount]);
              const received = await queries.rows(add, [to, amount]);
              results.push(
                received.length === 1 ? { made: true as const } : { made: false as const, code: 'NOT_FOUND' as const },
              );
            } catch {
              await queries.rows('ROLLBACK TO SAVEPOINT one_order');
              results.push({ made: false as const, code: 'CONFLICT' as const });
            }
          }
          return results;
        }),
    };
  },
};
