import type { Connection } from '../database/connections.js';
import type { Defect } from '../composition/defect.js';
import { createPooledConnections } from '../database/pooled-connections.js';

/** "The pool sorts broken connections out": one whose answer was late goes back, whatever it is in the middle of. */
export const defect: Defect = {
  connections: (options) => {
    const pool = createPooledConnections(options);
    return {
      ...pool,
      async acquire(budget) {
        const connection: Connection = await pool.acquire(budget);
        return { ...connection, destroy: () => connection.release() };
      },
    };
  },
};
