import type { Budget } from '../budget.js';
import type { DocumentCache } from './document-cache.js';
import type { Statements } from '../database/statements.js';
import { ServiceError } from '../service-error.js';
import type { Document } from './document.js';

/** Documents that are read far more often than written. */
export interface Documents {
  /** Never older than the last write that was acknowledged. */
  read(budget: Budget, id: string): Promise<Document>;
  write(budget: Budget, id: string, body: string): Promise<Document>;
}

const WRITE =
  'INSERT INTO documents (id, body, version) VALUES ($1, $2, 1) ON CONFLICT (id) DO UPDATE SET body = excluded.body, version = documents.version + 1 RETURNING id, body, version';

/** Documents in PostgreSQL, read through the cache. */
export function createDocuments({
  statements,
  cache,
}: {
  readonly statements: Statements;
  readonly cache: DocumentCache;
}): Documents {
  return {
    async read(budget, id) {
      const load = async (): Promise<Document | undefined> =>
        (
          await statements.reading(budget).rows<Document>('SELECT id, body, version FROM documents WHERE id = $1', [id])
        )[0];
      const document = await cache.read(id, load);
      if (document === undefined) throw new ServiceError('NOT_FOUND', `There is no document "${id}"`);
      return document;
    },
    async write(budget, id, body) {
      try {
        const [written] = await statements.writing(budget).rows<Document>(WRITE, [id, body]);
        return written as Document;
      } finally {
        // Invalidate after a failure, too: the write may have happened without an answer.
        await cache.invalidate(id);
      }
    },
  };
}
