import type { Redis } from 'ioredis';

/**
 * Connects to `url`, calls `use`, disconnects; no retries. Aborting drops the connection, so that a hanging server
 * blocks nobody.
 */
export async function withRedis<T>(url: string, signal: AbortSignal, use: (redis: Redis) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: null,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    disconnectTimeout: 10,
  });
  let lost: unknown;
  redis.on('error', (error) => (lost ??= error));
  const abort = (): void => redis.disconnect();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await redis.connect();
    return await use(redis);
  } catch (error) {
    signal.throwIfAborted();
    // ioredis says only "Connection is closed."; the reason is in the event.
    throw lost ?? error;
  } finally {
    signal.removeEventListener('abort', abort);
    redis.disconnect();
  }
}
