import { parseDocument, type Document } from '../domain/document.js';
import { connectCache } from './cache-connection.js';
import type { CacheSession } from './cache-session.js';
import type { DocumentCache } from '../domain/document-cache.js';
import type { SingleFlight } from './single-flight.js';
import { createUndelivered } from './undelivered.js';

/** Options of {@link createVersionedDocumentCache}; times in milliseconds. */
export interface DocumentCacheOptions {
  readonly url: string;
  readonly ttlMs: number;
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly flights: SingleFlight;
}

/**
 * Documents in Redis. A fill carries the mark that its lookup saw, so a value read before an invalidation is never
 * stored after it. Concurrent misses share one lookup and one load. If Redis fails, the database answers, and
 * invalidations are kept; the cache is not used until they are delivered.
 */
export function createVersionedDocumentCache(options: DocumentCacheOptions): DocumentCache {
  const { flights, ttlMs } = options;
  const counts = { hits: 0, misses: 0, bypassed: 0, loads: 0, failures: 0 };
  const undelivered = createUndelivered({ ttlMs });
  const connection = connectCache({ ...options, prepare: (session) => undelivered.deliver(session) });

  async function attempt<T>(
    session: CacheSession,
    command: () => Promise<T>,
  ): Promise<{ readonly value: T } | undefined> {
    try {
      return { value: await command() };
    } catch (error) {
      counts.failures += 1;
      // An error reply of Redis itself (out of memory, read-only) does not mean that the connection is broken.
      if ((error as Error).name !== 'ReplyError') connection.distrust(session);
      return undefined;
    }
  }

  function countedLoad(load: () => Promise<Document | undefined>): Promise<Document | undefined> {
    counts.loads += 1;
    return load();
  }

  async function readOnce(id: string, load: () => Promise<Document | undefined>): Promise<Document | undefined> {
    const session = undelivered.has(id) ? undefined : connection.session();
    const found = session && (await attempt(session, () => session.lookup(id)));
    if (session === undefined || found === undefined) {
      counts.bypassed += 1;
      return countedLoad(load);
    }
    const cached = found.value.text === null ? undefined : parseDocument(found.value.text, id);
    if (cached !== undefined) {
      counts.hits += 1;
      return cached;
    }
    counts.misses += 1;
    const loaded = await countedLoad(load);
    if (loaded !== undefined) await attempt(session, () => session.fill(id, JSON.stringify(loaded), found.value.mark));
    return loaded;
  }

  return {
    read: (id, load) => flights.run(id, () => readOnce(id, load)),
    async invalidate(id) {
      const session = connection.session();
      const delivered = session && (await attempt(session, () => session.invalidate(id)));
      if (delivered === undefined) {
        undelivered.add(id);
        if (session !== undefined) connection.distrust(session);
      }
      // Do this last: a load that started earlier may have seen the old value.
      flights.forget(id);
    },
    counts: () => ({ ...counts, connected: connection.session() !== undefined, undelivered: undelivered.size }),
    close: () => connection.close(),
  };
}
