import { createVersionedCache } from '../cache/versioned-cache.js';
import type { Defect } from '../composition/defect.js';

/** "Writes invalidate, so nothing has to expire": what an invalidation misses stays for ever. */
export const defect: Defect = {
  documentCache: (options) => createVersionedCache({ ...options, ttlMs: Number.MAX_SAFE_INTEGER }),
};
