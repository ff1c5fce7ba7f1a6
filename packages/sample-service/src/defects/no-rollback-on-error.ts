import type { Defect } from '../composition/defect.js';

/** Gives the connection of a failed transaction back without a ROLLBACK: its next user goes on in the old one. */
export const defect: Defect = {
  transactions: (connections) => ({
    async run(budget, isolation, work) {
      const connection = await connections.acquire(budget);
      try {
        await connection.command(`BEGIN ISOLATION LEVEL ${isolation}`);
        const result = await work(connection);
        await connection.command('COMMIT');
        return result;
      } finally {
        connection.release();
      }
    },
  }),
};
