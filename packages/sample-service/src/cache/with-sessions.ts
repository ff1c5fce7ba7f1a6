import type { CacheConnection } from './cache-connection.js';
import type { CacheSession } from './cache-session.js';

/** The same connection, whose sessions have some commands changed. */
export function withSessions(
  connection: CacheConnection,
  change: (session: CacheSession) => Partial<CacheSession>,
): CacheConnection {
  return {
    ...connection,
    session() {
      const session = connection.session();
      return session && { ...session, ...change(session) };
    },
  };
}
