import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

/** What was found under a key: the value, and the mark of its latest invalidation. */
export interface Lookup {
  readonly text: string | null;
  readonly mark: string | null;
}

/**
 * The cache as it is used during one connection to one life of one Redis server. Every call rejects when it fails or
 * takes too long.
 */
export interface CacheSession {
  lookup(id: string): Promise<Lookup>;
  /** Stores the value unless the key was invalidated since `mark` was looked up. */
  fill(id: string, text: string, mark: string | null): Promise<void>;
  invalidate(id: string): Promise<void>;
}

// Marks outlive every fill that could be under way, so that none can be mistaken for a later one.
const MARK_TTL_MS = 600_000;

const FILL = `
if (redis.call('GET', KEYS[2]) or '') ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return 1`;

const INVALIDATE = `
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return redis.call('DEL', KEYS[1])`;

/**
 * Opens a session. Its keys carry the server's run id: what a restarted Redis brings back from its disk is never read.
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
