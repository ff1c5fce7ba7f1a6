import { withRedis } from './with-redis.js';

const TIMEOUT_MS = 10_000;

/** Key that names the owner of a database on an external server. */
export const OWNER_KEY = 'chaos:owner';

/**
 * Empties a database if it still belongs to `owner`. Safe to call twice. Undo recipes call it, too, so it takes plain
 * data; `url` names the database.
 */
export async function flushDatabase({ url, owner }: { readonly url: string; readonly owner: string }): Promise<void> {
  await withRedis(url, AbortSignal.timeout(TIMEOUT_MS), async (redis) => {
    if ((await redis.get(OWNER_KEY)) === owner) await redis.flushdb();
  });
}
