import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** Saved state of a key. */
export interface StoredKey {
  readonly key: Buffer;
  /** Remaining time to live, ms; 0 = for ever. */
  readonly ttlMs: number;
  /** Argument of RESTORE. */
  readonly payload: Buffer;
  /** Hash of its content, not of its encoding: a restored hash table may be dumped in another order. */
  readonly digest: string;
}

/** Saved state of one database, by binary keys. */
export type Keyspace = ReadonlyMap<string, StoredKey>;

/** Reads all keys of the current database of `redis`. */
export async function readKeyspace(redis: Redis): Promise<Keyspace> {
  const found = new Map<string, StoredKey>();
  let cursor = '0';
  do {
    const [next, keys] = await redis.scanBuffer(cursor, 'COUNT', 1000);
    cursor = next.toString();
    const stored = await Promise.all(keys.map((key) => readKey(redis, key)));
    for (const one of stored) if (one !== undefined) found.set(one.key.toString('latin1'), one);
  } while (cursor !== '0');
  return found;
}

/** `undefined` if the key expired meanwhile. */
async function readKey(redis: Redis, key: Buffer): Promise<StoredKey | undefined> {
  const [payload, ttlMs, type] = await Promise.all([redis.dumpBuffer(key), redis.pttl(key), redis.type(key)]);
  if (payload === null) return undefined;
  const digest = digestOf([type, ...(await readContent(redis, key, type, payload))]);
  return { key, payload, ttlMs: Math.max(ttlMs, 0), digest };
}

async function readContent(redis: Redis, key: Buffer, type: string, payload: Buffer): Promise<readonly unknown[]> {
  switch (type) {
    case 'string':
      return [(await redis.getBuffer(key))?.toString('latin1')];
    case 'list':
      return (await redis.lrangeBuffer(key, 0, -1)).map(latin1);
    case 'set':
      return (await redis.smembersBuffer(key)).map(latin1).sort();
    case 'hash':
      return pairs((await redis.callBuffer('HGETALL', key)) as Buffer[]).sort();
    case 'zset':
      return pairs(await redis.zrangeBuffer(key, 0, -1, 'WITHSCORES'));
    default:
      // Streams and modules: their encoding does not depend on chance.
      return [payload.toString('latin1')];
  }
}

function latin1(value: Buffer): string {
  return value.toString('latin1');
}

function pairs(flat: readonly Buffer[]): string[] {
  return flat.flatMap((value, index) =>
    index % 2 === 0 ? [JSON.stringify([latin1(value), latin1(flat[index + 1]!)])] : [],
  );
}

function digestOf(parts: readonly unknown[]): string {
  return createHash('sha1').update(JSON.stringify(parts)).digest('base64');
}
