import type { Budget } from '../budget.js';
import type { Queries } from './connections.js';
import type { Idempotency, OperationKey } from './idempotency.js';
import type { Retry } from './retry.js';
import type { Isolation, Transactions } from './transactions.js';

/**
 * Runs an operation exactly once: its effect, its key and its answer are one transaction, which is retried until the
 * outcome is known.
 */
export interface OperationRunner {
  run<T>(
    budget: Budget,
    isolation: Isolation,
    operation: OperationKey,
    effect: (queries: Queries) => Promise<T>,
  ): Promise<T>;
}

/** Every attempt includes the key, so another attempt also reveals the outcome of a COMMIT without an answer. */
export function createOperationRunner(parts: {
  readonly transactions: Transactions;
  readonly retry: Retry;
  readonly idempotency: Idempotency;
}): OperationRunner {
  const { transactions, retry, idempotency } = parts;
  return {
    run<T>(
      budget: Budget,
      isolation: Isolation,
      operation: OperationKey,
      effect: (queries: Queries) => Promise<T>,
    ): Promise<T> {
      const attempt = (): Promise<T> =>
        transactions.run(budget, isolation, async (queries) => {
          const claim = await idempotency.claim(queries, operation);
          if (!claim.isNew) return claim.answer as T;
          const answer = await effect(queries);
          await idempotency.complete(queries, operation, answer);
          return answer;
        });
      return retry.run(budget, attempt);
    },
  };
}
