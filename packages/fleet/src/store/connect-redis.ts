import { EnvironmentError } from '@chaos/spec';
import type { Connected } from './bull-store.js';
import { placeOf } from './place-of.js';

// A command that gets no answer for so long is asked again on another connection: the link may be a black hole.
const SILENCE_MS = 5_000;
const CONNECT_MS = 5_000;

/** Connects to a Redis. */
export async function connectRedis(url: string, onError: (error: Error) => void): Promise<Connected> {
  const [{ Redis }, { Queue, Worker }] = await Promise.all([import('ioredis'), import('bullmq')]);
  const options = {
    maxRetriesPerRequest: null,
    connectTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    keepAlive: 1_000,
    lazyConnect: true,
    retryStrategy: (times: number): number => Math.min(50 * 2 ** Math.min(times, 5), 1_000),
  };
  const client = new Redis(url, { ...options, retryStrategy: () => null });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.ping();
  } catch (cause) {
    throw new EnvironmentError(`Cannot reach the fleet at ${placeOf(url)}: ${(cause as Error).message}`, {
      cause,
      hint: 'Is it up, is its name right, and are user and password? rediss:// speaks TLS, redis:// does not.',
    });
  } finally {
    client.disconnect();
  }
  const connection = new Redis(url, options);
  connection.on('error', onError);
  const shared = { connection, skipVersionCheck: true };
  return {
    kind: 'redis',
    queue: (name) => new Queue(name, shared),
    worker: (name, more) => new Worker(name, null, { ...shared, ...more }),
    close: async () => connection.disconnect(),
    onError,
  };
}
