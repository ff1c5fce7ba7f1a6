import type { CacheSession } from './cache-session.js';

/** Invalidations that did not reach the cache. Until they do, these keys are read from the database. */
export interface Undelivered {
  readonly size: number;
  has(key: string): boolean;
  add(key: string): void;
  /** Resolves when all are delivered; rejects when one fails. */
  deliver(session: CacheSession): Promise<void>;
}

/** Options: `ttlMs`, after which everything in the cache has expired. */
export function createUndelivered(options: { readonly ttlMs: number }): Undelivered {
  // Ordered by time: a key added again moves to the end.
  const sinceMs = new Map<string, number>();

  function dropExpired(nowMs: number): void {
    for (const [key, addedMs] of sinceMs) {
      if (nowMs - addedMs <= options.ttlMs * 2) return;
      sinceMs.delete(key);
    }
  }

  return {
    get size() {
      return sinceMs.size;
    },
    has: (key) => sinceMs.has(key),
    add(key) {
      const nowMs = performance.now();
      sinceMs.delete(key);
      sinceMs.set(key, nowMs);
      dropExpired(nowMs);
    },
    async deliver(session) {
      for (const [key, addedMs] of sinceMs) {
        await session.invalidate(key);
        if (sinceMs.get(key) === addedMs) sinceMs.delete(key);
      }
    },
  };
}
