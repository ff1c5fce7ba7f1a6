import { createCachingKeySource } from '../auth/caching-key-source.js';
import type { Defect } from '../composition/defect.js';

/**
 * Forgets all keys when a fetch fails: everyone is refused while the issuer restarts. Known from post-mortems of
 * outages of identity providers, which their clients made total.
 */
export const defect: Defect = {
  keySource: (options) => createCachingKeySource({ ...options, maxStaleMs: 0 }),
};
