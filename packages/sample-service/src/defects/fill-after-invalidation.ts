import type { CacheConnection } from '../cache/cache-connection.js';
import { createVersionedCache } from '../cache/versioned-cache.js';
import { withSessions } from '../cache/with-sessions.js';
import type { Defect } from '../composition/defect.js';

/**
 * Stores what was loaded, whatever happened since: a write in between is undone in the cache. Known from the literature
 * on look-aside caches (stale sets, which leases were invented for).
 */
export const defect: Defect = {
  documentCache: (options) => createVersionedCache({ ...options, connection: leasingLate(options.connection) }),
};

function leasingLate(connection: CacheConnection): CacheConnection {
  return withSessions(connection, (session) => ({
    async fill(key, text, fill) {
      await session.lease(key, fill.token);
      await session.fill(key, text, fill);
    },
  }));
}
