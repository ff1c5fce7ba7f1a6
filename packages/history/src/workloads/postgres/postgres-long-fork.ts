import type { PostgresPool } from '../../classify/postgres-client.js';
import { longForkGenerator, type LongForkWorkloadOptions } from '../long-fork-generator.js';
import type { Workload } from '../workload.js';
import { tableName, type PostgresWorkloadOptions } from './postgres-workload-options.js';
import { createTable, withIsolation } from './with-isolation.js';

/** Options of {@link postgresLongFork}. */
export interface PostgresLongForkOptions extends PostgresWorkloadOptions, LongForkWorkloadOptions {}

/**
 * Single writes, and reads of several keys by one statement: two readers may not see two writes in different orders.
 */
export function postgresLongFork(pool: PostgresPool, options: PostgresLongForkOptions): Workload {
  const table = tableName(options.table ?? 'chaos_long_fork');
  const next = longForkGenerator(options);
  const transaction = withIsolation(pool, options.isolation);
  return {
    name: 'long-fork',
    check: { model: 'long-fork' },
    setup: () =>
      createTable(pool, [`DROP TABLE IF EXISTS ${table}`, `CREATE TABLE ${table} (k int PRIMARY KEY, v int)`]),
    step(process) {
      const steps = next();
      const [[kind, key, value]] = steps as [(typeof steps)[number]];
      if (kind === 'r') {
        return process.run('read', steps, () =>
          transaction(async (query) => {
            const { rows } = await query(`SELECT k, v FROM ${table} WHERE k = ANY($1)`, [
              steps.map(([, wanted]) => wanted),
            ]);
            const values = new Map(
              (rows as readonly { readonly k: number; readonly v: number }[]).map((row) => [row.k, row.v]),
            );
            return steps.map(([, wanted]) => ['r', wanted, values.get(wanted) ?? null]);
          }),
        );
      }
      return process.run('write', steps, () =>
        transaction(async (query) => {
          await query(`INSERT INTO ${table} VALUES ($1, $2)`, [key, value]);
        }),
      );
    },
  };
}
