import type { Redis } from 'ioredis';
import { openCacheSession, type CacheSession } from './cache-session.js';

/** A connection to Redis that may be lost and restored at any time. */
export interface CacheConnection {
  /** `undefined` while no Redis can be trusted: then the cache is not used. */
  session(): CacheSession | undefined;
  /**
   * Reports a failed command: ends the session and reconnects, so that no request waits for a broken cache and no late
   * answer is matched to another command.
   */
  distrust(session: CacheSession): void;
  close(): void;
}

/** Options of {@link connectCache}; times in milliseconds. */
export interface CacheConnectionOptions {
  readonly url: string;
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly ttlMs: number;
  /**
   * Called before a new session is used, and once more right after it is in use. If it rejects, the connection is made
   * again.
   */
  readonly prepare: (session: CacheSession) => Promise<void>;
}

const LONGEST_PAUSE_MS = 1000;

/** Connects in the background, with growing, jittered pauses between attempts. */
export function connectCache(options: CacheConnectionOptions): CacheConnection {
  let current: CacheSession | undefined;
  let redis: Redis | undefined;
  let closed = false;

  async function begin(client: Redis): Promise<void> {
    try {
      const session = await openCacheSession(client, options.ttlMs);
      await options.prepare(session);
      if (client.status !== 'ready') return;
      current = session;
      // Call it again for invalidations added between the end of the first call and now.
      await options.prepare(session);
    } catch {
      current = undefined;
      if (!closed) client.disconnect(true);
    }
  }

  async function start(): Promise<void> {
    const { Redis } = await import('ioredis');
    if (closed) return;
    redis = new Redis(options.url, {
      connectTimeout: options.connectTimeoutMs,
      commandTimeout: options.commandTimeoutMs,
      // Try each command once: going to the database is better than waiting in a queue.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      keepAlive: 10_000,
      disconnectTimeout: options.commandTimeoutMs,
      retryStrategy: (attempt) =>
        Math.min(LONGEST_PAUSE_MS, 25 * 2 ** Math.min(attempt, 10)) * (0.5 + Math.random() / 2),
    });
    redis.on('error', () => {});
    redis.on('close', () => (current = undefined));
    redis.on('ready', () => void begin(redis as Redis));
  }
  void start();

  return {
    session: () => current,
    distrust(session) {
      if (session !== current) return;
      current = undefined;
      redis?.disconnect(true);
    },
    close() {
      closed = true;
      current = undefined;
      redis?.disconnect();
    },
  };
}
