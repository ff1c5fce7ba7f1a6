import { createPooledConnections } from '../database/pooled-connections.js';
import type { Defect } from '../composition/defect.js';

/** A pool with its defaults (`connectionTimeoutMillis: 0`): requests wait for a connection as long as it takes. */
export const defect: Defect = {
  connections: (options) =>
    createPooledConnections({ ...options, maxWaiting: Number.POSITIVE_INFINITY, acquireTimeoutMs: 0 }),
};
