import { createVersionedDocumentCache } from '../cache/versioned-document-cache.js';
import type { Defect } from './defect.js';

/** What is written is left to the time-to-live of the cache. */
export const defect: Defect = {
  documentCache: (options) => ({ ...createVersionedDocumentCache(options), async invalidate() {} }),
};
