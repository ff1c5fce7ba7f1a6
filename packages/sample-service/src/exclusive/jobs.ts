import type { Budget } from '../budget.js';
import type { Statements } from '../database/statements.js';
import type { Transactions } from '../database/transactions.js';
import { ServiceError } from '../service-error.js';
import { toServiceError } from '../database/database-error.js';

/** A run of a job: when it had the lock, ms since the Unix epoch by the database's clock. */
export interface JobRun {
  readonly job: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** Jobs that never run twice at the same time, whatever instance runs them. */
export interface Jobs {
  /** @throws ServiceError `BUSY` when the job runs already. */
  run(budget: Budget, job: string, busyMs: number): Promise<JobRun>;
  runs(budget: Budget, job: string): Promise<readonly JobRun[]>;
}

/** The parts that jobs need. */
export interface JobParts {
  readonly statements: Statements;
  readonly transactions: Transactions;
}

const NOW = 'extract(epoch FROM clock_timestamp())::float8 * 1000';

/**
 * Jobs under an advisory lock of PostgreSQL that belongs to the transaction: whatever ends that gives the lock free,
 * also the death of this process.
 */
export function createJobs({ statements, transactions }: JobParts): Jobs {
  return {
    run: (budget, job, busyMs) =>
      transactions
        .run(budget, 'READ COMMITTED', async (queries) => {
          const [lock] = await queries.rows<{ taken: boolean; startMs: number }>(
            `SELECT pg_try_advisory_xact_lock(hashtext($1)) AS taken, ${NOW} AS "startMs"`,
            [job],
          );
          if (!lock?.taken) throw new ServiceError('BUSY', `The job "${job}" runs already`);
          await queries.rows('SELECT pg_sleep($1)', [busyMs / 1000]);
          const [run] = await queries.rows<JobRun>(
            `INSERT INTO job_runs (job, start_ms, end_ms) VALUES ($1, $2, ${NOW}) RETURNING job, start_ms AS "startMs", end_ms AS "endMs"`,
            [job, lock.startMs],
          );
          return run as JobRun;
        })
        .catch((error: unknown) => {
          throw toServiceError(error);
        }),
    runs: (budget, job) =>
      statements
        .reading(budget)
        .rows<JobRun>(
          'SELECT job, start_ms AS "startMs", end_ms AS "endMs" FROM job_runs WHERE job = $1 ORDER BY start_ms',
          [job],
        ),
  };
}
