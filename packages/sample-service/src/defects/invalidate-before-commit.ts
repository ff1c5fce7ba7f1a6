import { createDocuments } from '../domain/documents.js';
import type { Defect } from '../composition/defect.js';

/** Invalidates first, then writes: a reader in between brings the old value back. */
export const defect: Defect = {
  documents: (parts) => {
    const { keyOf, cache } = parts;
    const documents = createDocuments({ ...parts, cache: { ...cache, async invalidate() {} } });
    return {
      ...documents,
      async write(budget, name, body) {
        await cache.invalidate(keyOf(name));
        return documents.write(budget, name, body);
      },
    };
  },
};
