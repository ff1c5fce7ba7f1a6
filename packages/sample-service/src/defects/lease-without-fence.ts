import type { Defect } from '../composition/defect.js';

/**
 * Trusts the lease and stores without comparing fences: whoever was paused overwrites what came later. From Kleppmann's
 * "How to do distributed locking" and bug reports on Redlock with long garbage collections.
 */
export const defect: Defect = {
  storeSettlement: (queries, { name, fence }) =>
    queries.rows(
      `INSERT INTO settlements (name, fence) VALUES ($1, $2)
       ON CONFLICT (name) DO UPDATE SET fence = excluded.fence RETURNING name`,
      [name, fence],
    ),
};
