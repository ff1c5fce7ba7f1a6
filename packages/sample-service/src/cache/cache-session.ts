import type { Redis } from 'ioredis';

/** The cache, for one connection to one run of a Redis server. Every call rejects when it fails or times out. */
export interface CacheSession {
  lookup(key: string): Promise<string | null>;
  /** Announces a fill. A later invalidation, and another announcement, take the lease away. */
  lease(key: string, token: string): Promise<void>;
  /** Stores a text for `ttlMs` if the key still has this lease. */
  fill(key: string, text: string, options: { readonly token: string; readonly ttlMs: number }): Promise<void>;
  invalidate(key: string): Promise<void>;
}

/** The end of a value as Redis is told: after so many ms, or at a time, ms since the Unix epoch. */
export type Expiry = readonly ['PX' | 'PXAT', number];

// Longer than a load may take. A fill after that is dropped.
const LEASE_TTL_MS = 10_000;

const FILL = `
if redis.call('GET', KEYS[2]) ~= ARGV[2] then return 0 end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[1], ARGV[3], ARGV[4])
return 1`;

/**
 * Opens a session. Its keys carry the server's run id, so data that a restarted Redis loads from disk is never read.
 * Wherever a lease is lost (evicted, expired, flushed) a fill is dropped, so that losing keys is always safe.
 */
export async function openCacheSession(
  redis: Redis,
  expiryOf: (ttlMs: number) => Expiry = (ttlMs) => ['PX', ttlMs],
): Promise<CacheSession> {
  const runId = /^run_id:(\w+)/m.exec(await redis.info('server'))?.[1];
  if (runId === undefined) throw new Error('Redis does not tell its run id');
  const valueOf = (key: string): string => `value:${runId}:${key}`;
  const leaseOf = (key: string): string => `lease:${runId}:${key}`;
  return {
    async lookup(key) {
      // MGET, because it answers nil for a value of another type, where GET fails.
      const [text = null] = await redis.mget(valueOf(key));
      return text;
    },
    async lease(key, token) {
      await redis.set(leaseOf(key), token, 'PX', LEASE_TTL_MS);
    },
    async fill(key, text, { token, ttlMs }) {
      await redis.eval(FILL, 2, valueOf(key), leaseOf(key), text, token, ...expiryOf(ttlMs));
    },
    async invalidate(key) {
      await redis.del(valueOf(key), leaseOf(key));
    },
  };
}
