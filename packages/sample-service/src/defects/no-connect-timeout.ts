import type { Defect } from '../composition/defect.js';
import { createPooledConnections } from '../database/pooled-connections.js';

/** Leaves the time-outs of the pool out, as its documentation's first example does: 0 means to wait for ever. */
export const defect: Defect = {
  connections: (options) => createPooledConnections({ ...options, connectTimeoutMs: 0, acquireTimeoutMs: 0 }),
};
