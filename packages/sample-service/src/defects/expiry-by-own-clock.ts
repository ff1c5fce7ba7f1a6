import { connectCache } from '../cache/cache-connection.js';
import type { Defect } from '../composition/defect.js';

/**
 * Says at which time of its own clock a value ends, for that can be read in the cache. Redis compares it with another
 * clock: ahead of this one nothing is kept, behind it everything for too long. Kind of the source: post-mortems of
 * caches that stopped to hit after the clock of a host drifted.
 */
export const defect: Defect = {
  cacheConnection: (options) => connectCache({ ...options, expiryOf: (ttlMs) => ['PXAT', Date.now() + ttlMs] }),
};
