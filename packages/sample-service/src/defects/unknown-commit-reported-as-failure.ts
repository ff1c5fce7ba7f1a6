import { createTransactions } from '../database/transactions.js';
import { ServiceError } from '../service-error.js';
import type { Defect } from '../composition/defect.js';

/** Treats a missing answer to COMMIT as a failure: tells the client that nothing happened. */
export const defect: Defect = {
  transactions: (connections) => {
    const transactions = createTransactions(connections);
    return {
      run: (budget, isolation, work) =>
        transactions.run(budget, isolation, work).catch((error: unknown) => {
          if (!(error instanceof ServiceError) || error.code !== 'UNKNOWN_OUTCOME') throw error;
          throw new ServiceError('UNAVAILABLE', 'The transaction could not be committed; nothing happened', {
            cause: error.cause,
          });
        }),
    };
  },
};
