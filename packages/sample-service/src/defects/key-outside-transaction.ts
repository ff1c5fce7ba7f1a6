import type { Defect } from '../composition/defect.js';

/**
 * Stores the answer of a key after the transaction of its effect, as an interceptor does: whoever asks meanwhile finds
 * no key. From reports on idempotency middleware in front of handlers with transactions of their own.
 */
export const defect: Defect = {
  operationRunner: ({ transactions, retry }) => ({
    async run(budget, isolation, operation, effect) {
      const known = await transactions.run(budget, 'READ COMMITTED', (queries) =>
        queries.rows<{ answer: never }>('SELECT answer FROM operations WHERE key = $1', [operation.key]),
      );
      if (known[0] !== undefined) return known[0].answer;
      const answer = await retry.run(budget, () => transactions.run(budget, isolation, effect));
      await transactions.run(budget, 'READ COMMITTED', (queries) =>
        queries.rows('INSERT INTO operations (key, request, answer) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
          operation.key,
          operation.request,
          JSON.stringify(answer),
        ]),
      );
      return answer;
    },
  }),
};
