import type { Budget } from '../budget.js';
import type { Cache } from './cache.js';
import type { Statements } from '../database/statements.js';
import { ServiceError } from '../service-error.js';
import type { Document, documentKey, DocumentName } from './document.js';

/** Documents that are read far more often than written. Each tenant has its own. */
export interface Documents {
  /** Never older than the last write that was acknowledged. */
  read(budget: Budget, name: DocumentName): Promise<Document>;
  write(budget: Budget, name: DocumentName, body: string): Promise<Document>;
}

/** Parts of {@link createDocuments}. */
export interface DocumentsParts {
  readonly statements: Statements;
  readonly cache: Cache<Document>;
  readonly keyOf: typeof documentKey;
}

const READ = 'SELECT id, body, version FROM documents WHERE tenant = $1 AND id = $2';
const WRITE =
  'INSERT INTO documents (tenant, id, body, version) VALUES ($1, $2, $3, 1) ON CONFLICT (tenant, id) DO UPDATE SET body = excluded.body, version = documents.version + 1 RETURNING id, body, version';

/** Documents in PostgreSQL, read through the cache. */
export function createDocuments({ statements, cache, keyOf }: DocumentsParts): Documents {
  return {
    async read(budget, { tenant, id }) {
      const load = async (): Promise<Document | undefined> =>
        (await statements.reading(budget).rows<Document>(READ, [tenant, id]))[0];
      const document = await cache.read(keyOf({ tenant, id }), load);
      if (document === undefined) throw new ServiceError('NOT_FOUND', `There is no document "${id}"`);
      return document;
    },
    async write(budget, { tenant, id }, body) {
      try {
        const [written] = await statements.writing(budget).rows<Document>(WRITE, [tenant, id, body]);
        return written as Document;
      } finally {
        // Invalidate after a failure, too: the write may have happened without an answer.
        await cache.invalidate(keyOf({ tenant, id }));
      }
    },
  };
}
