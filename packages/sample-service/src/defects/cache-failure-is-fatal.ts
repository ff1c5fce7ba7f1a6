import { createVersionedCache, type VersionedCacheOptions } from '../cache/versioned-cache.js';
import type { Cache } from '../domain/cache.js';
import { ServiceError } from '../service-error.js';
import type { Defect } from '../composition/defect.js';

/** Redis is treated like the database: without it there is no answer. */
export const defect: Defect = { documentCache: strictCache, roleCache: strictCache };

function strictCache<Value>(options: VersionedCacheOptions<Value>): Cache<Value> {
  const cache = createVersionedCache(options);
  return {
    ...cache,
    read(key, load) {
      return cache.read(key, () => {
        if (!cache.counts().connected) throw new ServiceError('UNAVAILABLE', 'Cannot reach the cache');
        return load();
      });
    },
  };
}
