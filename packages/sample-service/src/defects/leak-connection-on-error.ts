import type { Connection } from '../database/connections.js';
import { createTransactions } from '../database/transactions.js';
import type { Defect } from '../composition/defect.js';

/** Rolls back a failed transaction but never returns its connection to the pool. */
export const defect: Defect = {
  transactions: (connections) =>
    createTransactions({
      ...connections,
      acquire: async (budget) => keptAfterRollback(await connections.acquire(budget)),
    }),
};

function keptAfterRollback(connection: Connection): Connection {
  let rolledBack = false;
  return {
    ...connection,
    command(text) {
      rolledBack = text === 'ROLLBACK';
      return connection.command(text);
    },
    release() {
      if (!rolledBack) connection.release();
    },
  };
}
