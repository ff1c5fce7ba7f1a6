import type { PostgresPool } from '../../classify/postgres-client.js';
import type { HistoryProcess } from '../../record/history-process.js';
import { counting } from '../counting.js';
import type { Workload } from '../workload.js';
import { tableName, type PostgresWorkloadOptions } from './postgres-workload-options.js';
import { createTable, withIsolation } from './with-isolation.js';

/**
 * A queue in a table, taken from with SKIP LOCKED: what was put in comes out, once, after the queue is drained in the
 * end.
 */
export function postgresQueue(pool: PostgresPool, options: PostgresWorkloadOptions): Workload {
  const table = tableName(options.table ?? 'chaos_queue');
  const elements = counting(options.seed, 'queue');
  const transaction = withIsolation(pool, options.isolation);
  const dequeue = (process: HistoryProcess): Promise<unknown> =>
    process.run('dequeue', null, () =>
      transaction(async (query) => {
        const { rows } = await query(
          `DELETE FROM ${table} WHERE id = (SELECT id FROM ${table} ORDER BY id LIMIT 1 FOR UPDATE SKIP ` +
            'LOCKED) RETURNING v',
        );
        return (rows[0] as { readonly v: number } | undefined)?.v ?? null;
      }),
    );
  return {
    name: 'queue',
    check: { model: 'total-queue' },
    setup: () =>
      createTable(pool, [
        `DROP TABLE IF EXISTS ${table}`,
        `CREATE TABLE ${table} (id bigserial PRIMARY KEY, v int NOT NULL)`,
      ]),
    step(process) {
      if (elements.random.next() < 0.5) return dequeue(process);
      const element = elements.next();
      return process.run('enqueue', element, () =>
        transaction(async (query) => {
          await query(`INSERT INTO ${table} (v) VALUES ($1)`, [element]);
        }),
      );
    },
    async finish(process) {
      while ((await dequeue(process)) !== null);
    },
  };
}
