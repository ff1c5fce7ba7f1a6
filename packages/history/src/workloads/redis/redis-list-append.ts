import { transactionGenerator, type TransactionOptions } from '../transaction-generator.js';
import type { Workload } from '../workload.js';
import type { RedisClient } from './redis-client.js';
import { redisTransaction } from './redis-operations.js';
import { removeKeys, type RedisWorkloadOptions } from './redis-workload-options.js';

/** Options of {@link redisListAppend} and {@link redisRegisters}. */
export interface RedisTransactionWorkloadOptions extends RedisWorkloadOptions, TransactionOptions {}

/** Transactions (MULTI … EXEC) that append to lists and read them. */
export function redisListAppend(client: RedisClient, options: RedisTransactionWorkloadOptions): Workload {
  const { prefix = 'chaos:list-append:' } = options;
  const next = transactionGenerator('append', options);
  return {
    name: 'list-append',
    check: { model: 'strict-serializable' },
    setup: () => removeKeys(client, prefix),
    step(process) {
      const steps = next();
      const commands = steps.map(([kind, key, value]) =>
        kind === 'r' ? ['lrange', prefix + key, 0, -1] : ['rpush', prefix + key, value as number],
      );
      return process.run('txn', steps, async () => {
        const answers = await redisTransaction(client, commands);
        return steps.map(([kind, key, value], index) => [
          kind,
          key,
          kind === 'r' ? (answers[index] as string[]).map(Number) : value,
        ]);
      });
    },
  };
}
