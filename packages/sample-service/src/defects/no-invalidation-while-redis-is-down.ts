import { createVersionedCache } from '../cache/versioned-cache.js';
import type { Defect } from '../composition/defect.js';

/**
 * Gives up an invalidation that cannot reach Redis, as if it came back empty. Known from bug reports of cache-aside
 * layers: after a network outage the cache was still full, of old values.
 */
export const defect: Defect = {
  documentCache: (options) => {
    const cache = createVersionedCache(options);
    return {
      ...cache,
      async invalidate(key) {
        if (cache.counts().connected) await cache.invalidate(key);
      },
    };
  },
};
