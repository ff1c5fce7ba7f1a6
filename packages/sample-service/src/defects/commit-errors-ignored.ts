import { abandon } from '../database/transactions.js';
import type { Defect } from '../composition/defect.js';

/**
 * Believes in a COMMIT whatever its answer is: its error is logged by a `finally` that was meant for the release. From
 * a post-mortem on orders that were confirmed and never stored.
 */
export const defect: Defect = {
  transactions: (connections) => ({
    async run(budget, isolation, work) {
      const connection = await connections.acquire(budget);
      let result;
      try {
        await connection.command(`BEGIN ISOLATION LEVEL ${isolation}`);
        result = await work(connection);
      } catch (error) {
        await abandon(connection, error);
        throw error;
      }
      try {
        await connection.command('COMMIT');
        connection.release();
      } catch (error) {
        await abandon(connection, error);
      }
      return result;
    },
  }),
};
