import type { PostgresPool } from '../../classify/postgres-client.js';
import { counting } from '../counting.js';
import type { Workload } from '../workload.js';
import { tableName, type PostgresWorkloadOptions } from './postgres-workload-options.js';
import { createTable, withIsolation } from './with-isolation.js';

/** Options of {@link postgresSet}. */
export interface PostgresSetOptions extends PostgresWorkloadOptions {
  /** Share of reads of the whole set while it grows, 0 to 1. Default 0: only the last read counts. */
  readonly readRatio?: number;
}

/** Rows that are inserted one by one and read in the end: what was acknowledged is there. */
export function postgresSet(pool: PostgresPool, options: PostgresSetOptions): Workload {
  const table = tableName(options.table ?? 'chaos_set');
  const { readRatio = 0 } = options;
  const elements = counting(options.seed, 'set');
  const transaction = withIsolation(pool, options.isolation);
  const read: NonNullable<Workload['finish']> = (process) =>
    process.run('read', null, () =>
      transaction(async (query) =>
        (await query(`SELECT v FROM ${table} ORDER BY v`)).rows.map((row) => (row as { readonly v: number }).v),
      ),
    );
  return {
    name: 'set',
    check: { model: readRatio > 0 ? 'set-full' : 'set' },
    setup: () => createTable(pool, [`DROP TABLE IF EXISTS ${table}`, `CREATE TABLE ${table} (v int)`]),
    step(process) {
      if (elements.random.next() < readRatio) return read(process);
      const element = elements.next();
      return process.run('add', element, () =>
        transaction(async (query) => {
          await query(`INSERT INTO ${table} VALUES ($1)`, [element]);
        }),
      );
    },
    finish: read,
  };
}
