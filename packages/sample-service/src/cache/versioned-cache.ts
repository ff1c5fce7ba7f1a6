import { randomUUID } from 'node:crypto';
import type { Cache } from '../domain/cache.js';
import type { CacheConnection } from './cache-connection.js';
import { encodeEntry, type DecodeEntry } from './cache-entry.js';
import type { CacheSession } from './cache-session.js';
import type { SingleFlight } from './single-flight.js';
import { createUndelivered } from './undelivered.js';

/** Options of {@link createVersionedCache}; times in milliseconds. */
export interface VersionedCacheOptions<Value> {
  readonly connection: CacheConnection;
  /** Starts every key, so that caches do not meet. */
  readonly namespace: string;
  readonly decode: DecodeEntry<Value>;
  readonly ttlMs: number;
  /** How long it is remembered that there is no value. */
  readonly notFoundTtlMs: number;
  readonly flights: SingleFlight;
}

/**
 * Values in Redis. A miss takes a lease, which an invalidation takes away: a value read before an invalidation is never
 * stored after it. Concurrent misses share one lookup and one load. If Redis fails, the database answers, and
 * invalidations are kept; their keys are not read from the cache until they are delivered.
 */
export function createVersionedCache<Value>(options: VersionedCacheOptions<Value>): Cache<Value> {
  const { connection, decode, flights, namespace, ttlMs, notFoundTtlMs } = options;
  const counts = { hits: 0, misses: 0, bypassed: 0, loads: 0, failures: 0 };
  const undelivered = createUndelivered({ ttlMs: Math.max(ttlMs, notFoundTtlMs) });
  connection.prepareWith((session) => undelivered.deliver(session));

  const attempt = attemptsOn(connection, () => (counts.failures += 1));

  function countedLoad(load: () => Promise<Value | undefined>): Promise<Value | undefined> {
    counts.loads += 1;
    return load();
  }

  async function fillFrom(
    session: CacheSession,
    key: string,
    load: () => Promise<Value | undefined>,
  ): Promise<Value | undefined> {
    const token = randomUUID();
    const leased = await attempt(session, () => session.lease(key, token));
    const value = await countedLoad(load);
    const fill = { token, ttlMs: value === undefined ? notFoundTtlMs : ttlMs };
    if (leased !== undefined) await attempt(session, () => session.fill(key, encodeEntry(key, value), fill));
    return value;
  }

  async function readOnce(key: string, load: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const session = undelivered.has(key) ? undefined : connection.session();
    const found = session && (await attempt(session, () => session.lookup(key)));
    if (session === undefined || found === undefined) {
      counts.bypassed += 1;
      return countedLoad(load);
    }
    const entry = found.value === null ? undefined : decode(found.value, key);
    if (entry !== undefined) {
      counts.hits += 1;
      return entry.value;
    }
    counts.misses += 1;
    return fillFrom(session, key, load);
  }

  const keyed = (name: string): string => `${namespace}:${name}`;
  return {
    read: (name, load) => flights.run(keyed(name), () => readOnce(keyed(name), load)),
    async invalidate(name) {
      const key = keyed(name);
      const session = connection.session();
      const delivered = session && (await attempt(session, () => session.invalidate(key)));
      if (delivered === undefined) {
        undelivered.add(key);
        if (session !== undefined) connection.distrust(session);
      }
      // Do this last: a load that started earlier may have seen the old value.
      flights.forget(key);
    },
    counts: () => ({ ...counts, connected: connection.session() !== undefined, undelivered: undelivered.size }),
  };
}

type Attempt = <T>(session: CacheSession, command: () => Promise<T>) => Promise<{ readonly value: T } | undefined>;

// Commands that may fail: then the answer is `undefined`, and the connection is not trusted any more.
function attemptsOn(connection: CacheConnection, onFailure: () => void): Attempt {
  return async (session, command) => {
    try {
      return { value: await command() };
    } catch (error) {
      onFailure();
      // An error reply of Redis itself (out of memory, read-only) does not mean that the connection is broken.
      if ((error as Error).name !== 'ReplyError') connection.distrust(session);
      return undefined;
    }
  };
}
