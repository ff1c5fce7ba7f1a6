import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

/** Result of a lookup: the value, and the mark of the key's latest invalidation. */
export interface Lookup {
  readonly text: string | null;
  readonly mark: string | null;
}

/** The cache, for one connection to one run of a Redis server. Every call rejects when it fails or times out. */
export interface CacheSession {
  lookup(id: string): Promise<Lookup>;
  /** Stores the value unless the key was invalidated since `mark` was looked up. */
  fill(id: string, text: string, mark: string | null): Promise<void>;
  invalidate(id: string): Promise<void>;
}

// A mark lives longer than any fill can take. If it expired earlier, a fill from before the invalidation would be
// stored.
const MARK_TTL_MS = 600_000;

const FILL = `
if (redis.call('GET', KEYS[2]) or '') ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return 1`;

const INVALIDATE = `
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return redis.call('DEL', KEYS[1])`;

/**
 * Opens a session. Its keys carry the server's run id, so data that a restarted Redis loads from disk is never read.
 */
export async function openCacheSession(redis: Redis, ttlMs: number): Promise<CacheSession> {
  const runId = /^run_id:(\w+)/m.exec(await redis.info('server'))?.[1];
  if (runId === undefined) throw new Error('Redis does not tell its run id');
  const keysOf = (id: string): [value: string, mark: string] => [
    `document:${runId}:${id}`,
    `document-mark:${runId}:${id}`,
  ];
  return {
    async lookup(id) {
      const [text = null, mark = null] = await redis.mget(...keysOf(id));
      return { text, mark };
    },
    async fill(id, text, mark) {
      await redis.eval(FILL, 2, ...keysOf(id), text, mark ?? '', ttlMs);
    },
    async invalidate(id) {
      await redis.eval(INVALIDATE, 2, ...keysOf(id), randomUUID(), MARK_TTL_MS);
    },
  };
}
