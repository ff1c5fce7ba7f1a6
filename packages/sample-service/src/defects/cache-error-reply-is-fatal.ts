import { AsyncLocalStorage } from 'node:async_hooks';
import type { CacheConnection } from '../cache/cache-connection.js';
import { createVersionedCache } from '../cache/versioned-cache.js';
import { withSessions } from '../cache/with-sessions.js';
import { ServiceError } from '../service-error.js';
import type { Defect } from '../composition/defect.js';

/**
 * A lost Redis is a miss, but one that answers with an error is not: "OOM command not allowed" fails the read. From
 * reports on caches that took services down when they were full.
 */
export const defect: Defect = {
  documentCache: (options) => {
    const refusals = new AsyncLocalStorage<{ error?: Error }>();
    const noted = refusalsOf(options.connection, (error) => {
      const current = refusals.getStore();
      if (current !== undefined) current.error = error;
    });
    const cache = createVersionedCache({ ...options, connection: noted });
    return {
      ...cache,
      read: (key, load) => {
        const seen: { error?: Error } = {};
        return refusals.run(seen, async () => {
          const value = await cache.read(key, load);
          if (seen.error !== undefined)
            throw new ServiceError('UNAVAILABLE', 'The cache refused a write', { cause: seen.error });
          return value;
        });
      },
    };
  },
};

function refusalsOf(connection: CacheConnection, note: (error: Error) => void): CacheConnection {
  return withSessions(connection, (session) => ({
    lease: (key, token) =>
      session.lease(key, token).catch((error: Error) => {
        if (error.name === 'ReplyError') note(error);
        throw error;
      }),
  }));
}
