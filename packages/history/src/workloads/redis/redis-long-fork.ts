import { longForkGenerator, type LongForkWorkloadOptions } from '../long-fork-generator.js';
import type { Workload } from '../workload.js';
import type { RedisClient } from './redis-client.js';
import { redisCall } from './redis-operations.js';
import { removeKeys, type RedisWorkloadOptions } from './redis-workload-options.js';

/** Options of {@link redisLongFork}. */
export interface RedisLongForkOptions extends RedisWorkloadOptions, LongForkWorkloadOptions {}

/** Single writes, and reads of several keys at once (MGET): two readers may not see two writes in different orders. */
export function redisLongFork(client: RedisClient, options: RedisLongForkOptions): Workload {
  const { prefix = 'chaos:long-fork:' } = options;
  const next = longForkGenerator(options);
  return {
    name: 'long-fork',
    check: { model: 'long-fork' },
    setup: () => removeKeys(client, prefix),
    step(process) {
      const steps = next();
      const [[kind, key, value]] = steps as [(typeof steps)[number]];
      if (kind !== 'r')
        return process.run(
          'write',
          steps,
          async () => void (await redisCall(client, 'set', prefix + key, value as number)),
        );
      return process.run('read', steps, async () => {
        const values = (await redisCall(client, 'mget', ...steps.map(([, wanted]) => prefix + wanted))) as (
          string | null
        )[];
        return steps.map(([, wanted], index) => ['r', wanted, values[index] == null ? null : Number(values[index])]);
      });
    },
  };
}
