import type { Defect } from '../composition/defect.js';
import { createPooledConnections } from '../database/pooled-connections.js';

const HOUR_MS = 3_600_000;

/**
 * Relies on `statement_timeout` alone, which only a server that is reached can enforce: an answer that never comes is
 * waited for. Kind of the source: post-mortems of outages in which a load balancer dropped idle or half-open
 * connections to PostgreSQL without a word.
 */
export const defect: Defect = {
  connections: (options) => {
    const pool = createPooledConnections({ ...options, answerTimeoutMs: HOUR_MS });
    const patient = { remainingToStartMs: () => HOUR_MS, remainingMs: () => HOUR_MS };
    return { ...pool, acquire: () => pool.acquire(patient) };
  },
};
