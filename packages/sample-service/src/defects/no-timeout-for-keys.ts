import { createCachingKeySource } from '../auth/caching-key-source.js';
import type { Defect } from '../composition/defect.js';

const HOUR_MS = 3_600_000;

/**
 * Waits for the issuer as long as it takes: `fetch()` has no time-out of its own. Known from bug reports of clients of
 * key sets, whose requests piled up behind one that never ended.
 */
export const defect: Defect = {
  keySource: (options) => createCachingKeySource({ ...options, timeoutMs: HOUR_MS }),
};
