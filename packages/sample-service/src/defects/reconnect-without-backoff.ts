import type { Connection } from '../database/connections.js';
import type { Defect } from '../composition/defect.js';
import { createPooledConnections } from '../database/pooled-connections.js';

/**
 * "The database will be back in a moment": asks for a connection again and again, without a pause, while there is time.
 */
export const defect: Defect = {
  connections: (options) => {
    const pool = createPooledConnections(options);
    return {
      ...pool,
      async acquire(budget): Promise<Connection> {
        for (;;) {
          try {
            return await pool.acquire(budget);
          } catch (error) {
            if (budget.remainingToStartMs() <= 0) throw error;
          }
        }
      },
    };
  },
};
