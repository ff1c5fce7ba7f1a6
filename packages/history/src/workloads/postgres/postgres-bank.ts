import type { PostgresPool } from '../../classify/postgres-client.js';
import { bankGenerator, type BankWorkloadOptions } from '../bank-generator.js';
import type { Workload } from '../workload.js';
import { tableName, type PostgresWorkloadOptions } from './postgres-workload-options.js';
import { createTable, withIsolation } from './with-isolation.js';

/** Options of {@link postgresBank}. */
export interface PostgresBankOptions extends PostgresWorkloadOptions, BankWorkloadOptions {
  /**
   * True if a transfer locks its rows when it reads them (`FOR UPDATE`): right at READ COMMITTED too. Default false.
   */
  readonly lockRows?: boolean;
}

/** Transfers that read two balances and write them back, and reads of all accounts: their sum never changes. */
export function postgresBank(pool: PostgresPool, options: PostgresBankOptions): Workload {
  const table = tableName(options.table ?? 'chaos_bank');
  const bank = bankGenerator(options);
  const transaction = withIsolation(pool, options.isolation);
  const lock = options.lockRows === true ? ' ORDER BY id FOR UPDATE' : '';

  return {
    name: 'bank',
    check: { model: 'bank', accounts: bank.accounts, total: bank.total },
    setup: () =>
      createTable(pool, [
        `DROP TABLE IF EXISTS ${table}`,
        `CREATE TABLE ${table} (id int PRIMARY KEY, balance int NOT NULL)`,
        `INSERT INTO ${table} SELECT id, ${bank.balance} FROM generate_series(0, ${bank.accounts.length - 1}) AS id`,
      ]),
    step(process) {
      const transfer = bank.next();
      if (transfer === null)
        return process.run('read', null, () =>
          transaction(async (query) => balancesOf(await query(`SELECT id, balance FROM ${table}`))),
        );
      const { from, to, amount } = transfer;
      return process.run('transfer', transfer, () =>
        transaction(async (query) => {
          const balances = balancesOf(
            await query(`SELECT id, balance FROM ${table} WHERE id IN ($1, $2)${lock}`, [from, to]),
          );
          // Nothing is overdrawn: then the transfer does nothing, which is no failure.
          if (balances[from]! < amount) return;
          await query(`UPDATE ${table} SET balance = $2 WHERE id = $1`, [from, balances[from]! - amount]);
          await query(`UPDATE ${table} SET balance = $2 WHERE id = $1`, [to, balances[to]! + amount]);
        }),
      );
    },
  };
}

function balancesOf({ rows }: { readonly rows: readonly unknown[] }): Record<number, number> {
  return Object.fromEntries(
    (rows as readonly { readonly id: number; readonly balance: number }[]).map(({ id, balance }) => [id, balance]),
  );
}
