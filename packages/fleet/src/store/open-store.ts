import { UsageError } from '@chaos/spec';
import { BullStore } from './bull-store.js';
import { connectPostgres } from './connect-postgres.js';
import { connectRedis } from './connect-redis.js';
import type { Store } from './store.js';

/** Options of {@link openStore}. */
export interface OpenStoreOptions {
  /** `redis://`, `rediss://` (TLS), `postgres://`; with user and password. */
  readonly url: string;
  /** Gets the troubles of the connection, which is tried again. */
  readonly onError?: (error: Error) => void;
}

/**
 * Opens the queues on a Redis or PostgreSQL.
 *
 * @throws UsageError for a URL of another kind
 * @throws EnvironmentError where nothing answers, or the store refuses the password
 */
export async function openStore({ url, onError = () => {} }: OpenStoreOptions): Promise<Store> {
  const scheme = /^([a-z]+):\/\//.exec(url)?.[1];
  if (scheme === 'redis' || scheme === 'rediss') return new BullStore(await connectRedis(url, onError));
  if (scheme === 'postgres' || scheme === 'postgresql') return new BullStore(await connectPostgres(url, onError));
  throw new UsageError(
    `Cannot use the fleet ${JSON.stringify(scheme === undefined ? url : `${scheme}://…`)}: it must be local, redis://…, rediss://… or postgres://…`,
  );
}
