import { createVersionedCache } from '../cache/versioned-cache.js';
import type { Defect } from '../composition/defect.js';

/** What was not there is not looked for again, until this service itself writes it. */
export const defect: Defect = {
  documentCache: (options) => createVersionedCache({ ...options, notFoundTtlMs: Number.MAX_SAFE_INTEGER }),
};
