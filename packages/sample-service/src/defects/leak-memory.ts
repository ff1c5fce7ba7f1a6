import { createVersionedCache } from '../cache/versioned-cache.js';
import type { Defect } from '../composition/defect.js';

/** Remembers each version of a document that it has loaded, "for the history view", and forgets none. */
export const defect: Defect = {
  documentCache: (options) => {
    const cache = createVersionedCache(options);
    const history = new Map<string, string>();
    return {
      ...cache,
      async read(id, load) {
        const document = await cache.read(id, load);
        if (document !== undefined) history.set(`${id} ${document.version}`, document.body);
        return document;
      },
    };
  },
};
