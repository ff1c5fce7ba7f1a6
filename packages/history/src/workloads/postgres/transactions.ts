import type { PostgresPool, SqlIsolation } from '../../classify/postgres-client.js';
import type { PostgresQuery } from '../../classify/postgres-transaction.js';
import { transactionGenerator, type TransactionOptions, type TransactionStep } from '../transaction-generator.js';
import type { Workload } from '../workload.js';
import { tableName, type PostgresWorkloadOptions } from './postgres-workload-options.js';
import { createTable, withIsolation } from './with-isolation.js';

// The promise of each isolation level of PostgreSQL by its manual: REPEATABLE READ is snapshot isolation.
const PROMISED: Readonly<Record<SqlIsolation, string>> = {
  'read uncommitted': 'read-committed',
  'read committed': 'read-committed',
  'repeatable read': 'snapshot-isolation',
  serializable: 'serializable',
};

/** Options of {@link postgresListAppend} and {@link postgresRegisters}. */
export interface PostgresTransactionWorkloadOptions extends PostgresWorkloadOptions, TransactionOptions {}

/**
 * Transactions that append to lists and read them (Elle's list-append): the strongest test of isolation, for every
 * level.
 */
export function postgresListAppend(pool: PostgresPool, options: PostgresTransactionWorkloadOptions): Workload {
  const table = tableName(options.table ?? 'chaos_list_append');
  return workload('append', pool, options, {
    name: 'list-append',
    table,
    type: 'int[]',
    write: `INSERT INTO ${table} AS old (k, v) VALUES ($1, ARRAY[$2::int]) ON CONFLICT (k) DO UPDATE SET v = old.v || EXCLUDED.v`,
    missing: [],
  });
}

/**
 * Transactions that read registers and overwrite what they have read (read-modify-write): as strong, on a column of any
 * type.
 */
export function postgresRegisters(pool: PostgresPool, options: PostgresTransactionWorkloadOptions): Workload {
  const table = tableName(options.table ?? 'chaos_registers');
  return workload('w', pool, options, {
    name: 'rw-register',
    table,
    type: 'int',
    write: `INSERT INTO ${table} (k, v) VALUES ($1, $2) ON CONFLICT (k) DO UPDATE SET v = EXCLUDED.v`,
    missing: null,
  });
}

interface Statements {
  readonly name: string;
  readonly table: string;
  readonly type: string;
  readonly write: string;
  /** The value of a key that was never written. */
  readonly missing: unknown;
}

function workload(
  kind: 'append' | 'w',
  pool: PostgresPool,
  options: PostgresTransactionWorkloadOptions,
  { name, table, type, write, missing }: Statements,
): Workload {
  const next = transactionGenerator(kind, options);
  const transaction = withIsolation(pool, options.isolation);
  const perform = async (query: PostgresQuery, [what, key, value]: TransactionStep): Promise<TransactionStep> => {
    if (what !== 'r') {
      await query(write, [key, value]);
      return [what, key, value];
    }
    const { rows } = await query(`SELECT v FROM ${table} WHERE k = $1`, [key]);
    return [what, key, (rows[0] as { readonly v: unknown } | undefined)?.v ?? missing];
  };
  return {
    name,
    check: { model: PROMISED[options.isolation ?? 'read committed'] },
    setup: () =>
      createTable(pool, [`DROP TABLE IF EXISTS ${table}`, `CREATE TABLE ${table} (k int PRIMARY KEY, v ${type})`]),
    step(process) {
      const steps = next();
      return process.run('txn', steps, () =>
        transaction(async (query) => {
          const done: TransactionStep[] = [];
          for (const step of steps) done.push(await perform(query, step));
          return done;
        }),
      );
    },
  };
}
