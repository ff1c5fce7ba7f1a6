import type { Redis } from 'ioredis';
import { openCacheSession, type CacheSession, type Expiry } from './cache-session.js';

/** A connection to Redis that may be lost and restored at any time. */
export interface CacheConnection {
  /** `undefined` while no Redis can be trusted: then the cache is not used. */
  session(): CacheSession | undefined;
  /**
   * Reports a failed command: ends the session and reconnects, so that no request waits for a broken cache and no late
   * answer is matched to another command.
   */
  distrust(session: CacheSession): void;
  /**
   * Calls it before each new session is used, and once more right after it is in use. If it rejects, the connection is
   * made again.
   */
  prepareWith(prepare: (session: CacheSession) => Promise<void>): void;
  close(): void;
}

/** Options of {@link connectCache}; times in milliseconds. */
export interface CacheConnectionOptions {
  readonly url: string;
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** Pause before an attempt to connect, by its number. Default {@link growingPauseMs}. */
  readonly pauseMs?: (attempt: number) => number;
  /** The end of a value that is stored now for so many ms. Default: Redis counts them. */
  readonly expiryOf?: (ttlMs: number) => Expiry;
}

const LONGEST_PAUSE_MS = 1000;

/** Doubles with each attempt, up to a second, with jitter. */
function growingPauseMs(attempt: number): number {
  return Math.min(LONGEST_PAUSE_MS, 25 * 2 ** Math.min(attempt, 10)) * (0.5 + Math.random() / 2);
}

/** Connects in the background, with growing, jittered pauses between attempts. */
export function connectCache(options: CacheConnectionOptions): CacheConnection {
  let current: CacheSession | undefined;
  let redis: Redis | undefined;
  let closed = false;
  const preparations: ((session: CacheSession) => Promise<void>)[] = [];

  async function prepare(session: CacheSession): Promise<void> {
    for (const one of preparations) await one(session);
  }

  async function begin(client: Redis): Promise<void> {
    try {
      const session = await openCacheSession(client, options.expiryOf);
      await prepare(session);
      if (client.status !== 'ready') return;
      current = session;
      // Call it again for invalidations added between the end of the first call and now.
      await prepare(session);
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
      retryStrategy: options.pauseMs ?? growingPauseMs,
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
    prepareWith: (one) => void preparations.push(one),
    close() {
      closed = true;
      current = undefined;
      redis?.disconnect();
    },
  };
}
