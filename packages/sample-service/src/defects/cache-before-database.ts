import type { Defect } from '../composition/defect.js';
import { createDocuments } from '../domain/documents.js';

/**
 * Writes through the cache: readers have the new text while the database is still busy with it, and keep it when the
 * database refuses. Kind of the source: post-mortems of write-through caches that served what was rolled back.
 */
export const defect: Defect = {
  documents(parts) {
    const { cache, keyOf } = parts;
    const documents = createDocuments({ ...parts, cache: { ...cache, invalidate: async () => {} } });
    return {
      ...documents,
      async write(budget, name, body) {
        const key = keyOf(name);
        const before = await documents.read(budget, name).catch(() => undefined);
        await cache.invalidate(key);
        await cache.read(key, async () => ({ id: name.id, body, version: (before?.version ?? 0) + 1 }));
        return documents.write(budget, name, body);
      },
    };
  },
};
