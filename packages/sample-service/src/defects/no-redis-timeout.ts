import { connectCache } from '../cache/cache-connection.js';
import type { Defect } from '../composition/defect.js';

const HOUR_MS = 3_600_000;

/**
 * Waits for Redis as long as it takes, as its client does by default. Known from bug reports of `ioredis`: commands
 * that hang for minutes after a failover (`commandTimeout` is not set).
 */
export const defect: Defect = {
  cacheConnection: (options) => connectCache({ ...options, commandTimeoutMs: HOUR_MS }),
};
