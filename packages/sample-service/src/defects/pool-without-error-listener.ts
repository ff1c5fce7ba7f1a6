import type { Defect } from '../composition/defect.js';
import { createPooledConnections } from '../database/pooled-connections.js';

/**
 * Nobody listens to the errors of idle connections, so the loss of one ends the process. Kind of the source: bug
 * reports of services on node-postgres that went down with the failover of their database, and not during it.
 */
export const defect: Defect = {
  connections: (options) =>
    createPooledConnections({
      ...options,
      onIdleError: (error) => {
        throw error;
      },
    }),
};
