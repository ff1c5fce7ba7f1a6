import type { WorkloadOptions } from '../workload.js';
import type { RedisClient } from './redis-client.js';
import { redisCall } from './redis-operations.js';

/** Options of every workload on Redis. */
export interface RedisWorkloadOptions extends WorkloadOptions {
  /** The beginning of its keys; those that exist are removed at first. Default: `chaos:`, its name and `:`. */
  readonly prefix?: string;
}

/** Removes every key that begins with this. */
export async function removeKeys(client: RedisClient, prefix: string): Promise<void> {
  const pattern = `${prefix.replaceAll(/[\\*?[\]]/g, '\\$&')}*`;
  let cursor = '0';
  do {
    const [following, keys] = (await redisCall(client, 'scan', cursor, 'match', pattern, 'count', 1000)) as [
      string,
      string[],
    ];
    if (keys.length > 0) await redisCall(client, 'del', ...keys);
    cursor = following;
  } while (cursor !== '0');
}
