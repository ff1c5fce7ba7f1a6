import { bankGenerator, type BankWorkloadOptions } from '../bank-generator.js';
import type { Workload } from '../workload.js';
import type { RedisClient } from './redis-client.js';
import { connectionsOf, redisCall, redisTransaction } from './redis-operations.js';
import type { RedisWorkloadOptions } from './redis-workload-options.js';

/** Options of {@link redisBank}. */
export interface RedisBankOptions extends RedisWorkloadOptions, BankWorkloadOptions {}

/** Transfers held together by WATCH, and reads of all accounts: their sum never changes. */
export function redisBank(client: RedisClient, options: RedisBankOptions): Workload {
  const { prefix = 'chaos:bank:' } = options;
  const bank = bankGenerator(options);
  const names = bank.accounts.map((account) => prefix + account);
  const connections = connectionsOf(client);
  return {
    name: 'bank',
    check: { model: 'bank', accounts: bank.accounts, total: bank.total },
    setup: async () => void (await redisCall(client, 'mset', ...names.flatMap((name) => [name, bank.balance]))),
    step(process) {
      const transfer = bank.next();
      if (transfer === null) {
        return process.run('read', null, async () => {
          const balances = (await redisCall(client, 'mget', ...names)) as (string | null)[];
          return Object.fromEntries(
            bank.accounts.map((account) => [account, balances[account] == null ? null : Number(balances[account])]),
          );
        });
      }
      const { from, to, amount } = transfer;
      const connection = connections.of(process);
      return process.run('transfer', transfer, async () => {
        await redisCall(connection, 'watch', names[from]!, names[to]!);
        const [source, target] = ((await redisCall(connection, 'mget', names[from]!, names[to]!)) as string[]).map(
          Number,
        ) as [number, number];
        const moved = source < amount ? 0 : amount;
        await redisTransaction(connection, [
          ['set', names[from]!, source - moved],
          ['set', names[to]!, target + moved],
        ]);
      });
    },
    close: () => connections.close(),
  };
}
