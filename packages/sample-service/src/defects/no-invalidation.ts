import { createVersionedCache } from '../cache/versioned-cache.js';
import type { Defect } from '../composition/defect.js';

/** Writes do not invalidate the cache; old values stay until their time-to-live ends. */
export const defect: Defect = {
  documentCache: (options) => ({ ...createVersionedCache(options), async invalidate() {} }),
};
