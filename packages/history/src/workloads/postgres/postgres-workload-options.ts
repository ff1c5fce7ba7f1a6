import type { SqlIsolation } from '../../classify/postgres-client.js';
import type { WorkloadOptions } from '../workload.js';

/** Options of every workload on PostgreSQL. */
export interface PostgresWorkloadOptions extends WorkloadOptions {
  /** Default: the server's. */
  readonly isolation?: SqlIsolation;
  /** Its table, which is dropped and made anew. Default: `chaos_` and its name. */
  readonly table?: string;
}

/** A table's name as it stands in SQL. */
export function tableName(table: string): string {
  return table
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.');
}
