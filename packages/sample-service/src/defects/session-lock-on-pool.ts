import { createJobs } from '../exclusive/jobs.js';
import { ServiceError } from '../service-error.js';
import type { Defect } from '../composition/defect.js';

/**
 * Takes the advisory lock of a session and gives it back in another one of the pool: it stays locked until that
 * connection ends. From bug reports on migration tools that lock through a pool.
 */
export const defect: Defect = {
  jobs: (parts) => ({
    ...createJobs(parts),
    async run(budget, job, busyMs) {
      const queries = parts.statements.writing(budget);
      const [lock] = await queries.rows<{ taken: boolean }>('SELECT pg_try_advisory_lock(hashtext($1)) AS taken', [
        job,
      ]);
      if (!lock?.taken) throw new ServiceError('BUSY', `The job "${job}" runs already`);
      const startMs = Date.now();
      await parts.statements.reading(budget).rows('SELECT pg_sleep($1)', [busyMs / 1000]);
      const run = { job, startMs, endMs: Date.now() };
      await queries.rows('INSERT INTO job_runs (job, start_ms, end_ms) VALUES ($1, $2, $3)', [job, startMs, run.endMs]);
      await queries.rows('SELECT pg_advisory_unlock(hashtext($1))', [job]);
      return run;
    },
  }),
};
