import { transactionGenerator, type TransactionStep } from '../transaction-generator.js';
import type { Workload } from '../workload.js';
import type { RedisClient } from './redis-client.js';
import type { RedisTransactionWorkloadOptions } from './redis-list-append.js';
import { connectionsOf, redisCall, redisTransaction } from './redis-operations.js';
import { removeKeys } from './redis-workload-options.js';

/**
 * Transactions that read registers and overwrite what they have read, held together by WATCH: each process has a
 * connection of its own.
 */
export function redisRegisters(client: RedisClient, options: RedisTransactionWorkloadOptions): Workload {
  const { prefix = 'chaos:registers:' } = options;
  const next = transactionGenerator('w', options);
  const connections = connectionsOf(client);
  return {
    name: 'rw-register',
    check: { model: 'strict-serializable' },
    setup: () => removeKeys(client, prefix),
    step(process) {
      const steps = next();
      const keys = [...new Set(steps.map(([, key]) => key))];
      const names = keys.map((key) => prefix + key);
      const connection = connections.of(process);
      return process.run('txn', steps, async () => {
        await redisCall(connection, 'watch', ...names);
        const answers = (await redisCall(connection, 'mget', ...names)) as (string | null)[];
        const values = new Map(keys.map((key, index) => [key, answers[index] == null ? null : Number(answers[index])]));
        const done = steps.map(([kind, key, value]): TransactionStep => {
          if (kind !== 'r') values.set(key, value as number);
          return [kind, key, values.get(key)];
        });
        const writes = steps.flatMap(([kind, key, value]) =>
          kind === 'r' ? [] : [['set', prefix + key, value as number]],
        );
        // Also what only reads has to see all of its keys at one moment.
        await redisTransaction(connection, writes.length > 0 ? writes : [['get', names[0]!]]);
        return done;
      });
    },
    close: () => connections.close(),
  };
}
