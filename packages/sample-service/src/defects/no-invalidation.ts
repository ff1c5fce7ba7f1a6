import { createVersionedDocumentCache } from '../cache/versioned-document-cache.js';
import type { Defect } from './defect.js';

/** Writes do not invalidate the cache; old values stay until their time-to-live ends. */
export const defect: Defect = {
  documentCache: (options) => ({ ...createVersionedDocumentCache(options), async invalidate() {} }),
};
