import { counting } from '../counting.js';
import type { Workload } from '../workload.js';
import type { RedisClient } from './redis-client.js';
import { redisCall } from './redis-operations.js';
import { removeKeys, type RedisWorkloadOptions } from './redis-workload-options.js';

/** Options of {@link redisSet}. */
export interface RedisSetOptions extends RedisWorkloadOptions {
  /** Share of reads of the whole set while it grows, 0 to 1. Default 0: only the last read counts. */
  readonly readRatio?: number;
}

/** Members that are added one by one and read in the end: what was acknowledged is there. */
export function redisSet(
  client: RedisClient,
  { seed, prefix = 'chaos:set:', readRatio = 0 }: RedisSetOptions,
): Workload {
  const elements = counting(seed, 'set');
  const read: NonNullable<Workload['finish']> = (process) =>
    process.run('read', null, async () =>
      ((await redisCall(client, 'smembers', `${prefix}members`)) as string[]).map(Number).sort((a, b) => a - b),
    );
  return {
    name: 'set',
    check: { model: readRatio > 0 ? 'set-full' : 'set' },
    setup: () => removeKeys(client, prefix),
    step(process) {
      if (elements.random.next() < readRatio) return read(process);
      const element = elements.next();
      return process.run(
        'add',
        element,
        async () => void (await redisCall(client, 'sadd', `${prefix}members`, element)),
      );
    },
    finish: read,
  };
}
