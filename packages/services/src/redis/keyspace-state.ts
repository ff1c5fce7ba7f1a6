import { ChaosError } from '@chaos/spec';
import type { Redis } from 'ioredis';
import { readKeyspace, type Keyspace } from './keyspace.js';
import type { RedisServer } from './redis-server.js';
import { withRedis } from './with-redis.js';

/** State of our own server: all databases, and its configuration. */
export function createKeyspaceState(url: string): Pick<RedisServer, 'snapshot' | 'reset'> {
  let remembered:
    | { readonly databases: ReadonlyMap<number, Keyspace>; readonly settings: Readonly<Record<string, string>> }
    | undefined;
  return {
    snapshot: (signal) =>
      withRedis(url, signal, async (redis) => {
        remembered = { databases: await readDatabases(redis), settings: await readSettings(redis) };
      }),
    async reset(signal) {
      if (remembered === undefined) throw new ChaosError('RESET_FAILED', 'Cannot reset Redis: no snapshot was taken');
      const { databases, settings } = remembered;
      await withRedis(url, signal, async (redis) => {
        await redis.client('UNPAUSE');
        await restoreSettings(redis, settings);
        await redis.flushall('SYNC');
        for (const [index, keyspace] of databases) {
          await redis.select(index);
          await restoreKeyspace(redis, keyspace);
        }
        const now = await readDatabases(redis);
        for (const index of new Set([...databases.keys(), ...now.keys()])) {
          assertSame(databases.get(index) ?? new Map(), now.get(index) ?? new Map(), index);
        }
      });
    },
  };
}

/** Restores keys into the current database of `redis`. */
export async function restoreKeyspace(redis: Redis, keyspace: Keyspace): Promise<void> {
  const pipeline = redis.pipeline();
  for (const { key, ttlMs, payload } of keyspace.values()) pipeline.restore(key, ttlMs, payload, 'REPLACE');
  for (const [error] of (await pipeline.exec()) ?? []) {
    if (error !== null) throw new ChaosError('RESET_FAILED', `Cannot reset Redis: ${error.message}`, { cause: error });
  }
}

/** Throws `RESET_FAILED` if a key is missing, extra or different. Keys that expire may be missing. */
export function assertSame(wanted: Keyspace, found: Keyspace, database: number): void {
  const wrong = [...new Set([...wanted.keys(), ...found.keys()])].filter((name) => {
    const [before, now] = [wanted.get(name), found.get(name)];
    return before?.digest !== now?.digest && !(now === undefined && before !== undefined && before.ttlMs > 0);
  });
  if (wrong.length > 0) {
    throw new ChaosError(
      'RESET_FAILED',
      `Cannot reset Redis: ${wrong.length} keys of database ${database} are not those of the snapshot, ` +
        `among them ${JSON.stringify(wrong[0])}`,
      {
        hint: 'Something writes to Redis between tests.',
        data: { database, wanted: wanted.size, found: found.size },
      },
    );
  }
}

async function readDatabases(redis: Redis): Promise<Map<number, Keyspace>> {
  const databases = new Map<number, Keyspace>();
  for (const [, index] of (await redis.info('keyspace')).matchAll(/^db(\d+):/gm)) {
    await redis.select(Number(index));
    databases.set(Number(index), await readKeyspace(redis));
  }
  return databases;
}

async function readSettings(redis: Redis): Promise<Record<string, string>> {
  const flat = (await redis.config('GET', '*')) as string[];
  return Object.fromEntries(flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1]!]] : [])));
}

async function restoreSettings(redis: Redis, wanted: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(await readSettings(redis))) {
    const before = wanted[name];
    if (before !== undefined && before !== value) await redis.config('SET', name, before);
  }
}
