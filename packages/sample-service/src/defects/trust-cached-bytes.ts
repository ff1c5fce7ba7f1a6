import type { CacheEntry } from '../cache/cache-entry.js';
import { createVersionedCache } from '../cache/versioned-cache.js';
import type { Document } from '../domain/document.js';
import type { Defect } from '../composition/defect.js';

/** "We wrote it ourselves": takes whatever lies in the cache for a document. */
export const defect: Defect = {
  documentCache: (options) =>
    createVersionedCache({ ...options, decode: (text) => JSON.parse(text) as CacheEntry<Document> }),
};
