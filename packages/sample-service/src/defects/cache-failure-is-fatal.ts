import { createVersionedDocumentCache } from '../cache/versioned-document-cache.js';
import { ServiceError } from '../service-error.js';
import type { Defect } from './defect.js';

/** Redis is treated like the database: without it there is no answer. */
export const defect: Defect = {
  documentCache: (options) => {
    const cache = createVersionedDocumentCache(options);
    return {
      ...cache,
      read(id, load) {
        return cache.read(id, () => {
          if (!cache.counts().connected) throw new ServiceError('UNAVAILABLE', 'Cannot reach the cache');
          return load();
        });
      },
    };
  },
};
