import type { Connection } from '../database/connections.js';
import type { Defect } from '../composition/defect.js';
import { createPooledConnections } from '../database/pooled-connections.js';

/**
 * A lock around the use of the database, from a time when there was one connection: requests wait for each other’s
 * round trips. Kind of the source: bug reports of services that were fast beside their database and slow one region
 * away.
 */
export const defect: Defect = {
  connections: (options) => {
    const pool = createPooledConnections(options);
    let turn = Promise.resolve();
    return {
      ...pool,
      async acquire(budget) {
        const mine = turn;
        let next = (): void => {};
        turn = new Promise((resolve) => (next = resolve));
        await mine;
        const give = (back: () => void) => (): void => {
          next();
          back();
        };
        try {
          const connection: Connection = await pool.acquire(budget);
          return { ...connection, release: give(connection.release), destroy: give(connection.destroy) };
        } catch (error) {
          next();
          throw error;
        }
      },
    };
  },
};
