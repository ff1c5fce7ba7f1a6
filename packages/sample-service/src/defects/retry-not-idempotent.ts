import type { Defect } from '../composition/defect.js';

/** Claims the key before the first attempt only; a COMMIT without an answer is tried again, though it happened. */
export const defect: Defect = {
  operationRunner: ({ transactions, retry, idempotency }) => ({
    run(budget, isolation, operation, effect) {
      let attempts = 0;
      return retry.run(budget, () =>
        transactions.run(budget, isolation, async (queries) => {
          attempts += 1;
          if (attempts === 1) {
            const claim = await idempotency.claim(queries, operation);
            if (!claim.isNew) return claim.answer as never;
          }
          const answer = await effect(queries);
          await idempotency.complete(queries, operation, answer);
          return answer;
        }),
      );
    },
  }),
};
