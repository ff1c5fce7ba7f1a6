import { withRedis } from './with-redis.js';

const TIMEOUT_MS = 10_000;

/** The key that says whose a database of an external server is. */
export const OWNER_KEY = 'chaos:owner';

/**
 * Empties a database if it still is `owner`'s. Twice is harmless. Called by undo recipes too, so it takes plain data;
 * `url` names the database.
 */
export async function flushDatabase({ url, owner }: { readonly url: string; readonly owner: string }): Promise<void> {
  await withRedis(url, AbortSignal.timeout(TIMEOUT_MS), async (redis) => {
    if ((await redis.get(OWNER_KEY)) === owner) await redis.flushdb();
  });
}
