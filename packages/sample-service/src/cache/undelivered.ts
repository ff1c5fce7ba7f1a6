import type { CacheSession } from './cache-session.js';

/** Invalidations that did not reach the cache. Until they do, these keys are read from the database. */
export interface Undelivered {
  readonly size: number;
  has(id: string): boolean;
  add(id: string): void;
  /** Resolves when all are delivered; rejects when one fails. */
  deliver(session: CacheSession): Promise<void>;
}

/** Options: `ttlMs`, after which everything in the cache has expired. */
export function createUndelivered(options: { readonly ttlMs: number }): Undelivered {
  // Ordered by time: an id added again moves to the end.
  const sinceMs = new Map<string, number>();

  function dropExpired(nowMs: number): void {
    for (const [id, addedMs] of sinceMs) {
      if (nowMs - addedMs <= options.ttlMs * 2) return;
      sinceMs.delete(id);
    }
  }

  return {
    get size() {
      return sinceMs.size;
    },
    has: (id) => sinceMs.has(id),
    add(id) {
      const nowMs = performance.now();
      sinceMs.delete(id);
      sinceMs.set(id, nowMs);
      dropExpired(nowMs);
    },
    async deliver(session) {
      for (const [id, addedMs] of sinceMs) {
        await session.invalidate(id);
        if (sinceMs.get(id) === addedMs) sinceMs.delete(id);
      }
    },
  };
}
