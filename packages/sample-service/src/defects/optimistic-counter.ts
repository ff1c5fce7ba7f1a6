import { createCounters } from '../domain/counters.js';
import { ServiceError } from '../service-error.js';
import type { Defect } from '../composition/defect.js';

/**
 * Compares and sets, and tries again a few times: correct, and with many at a time most attempts are in vain. From
 * reports on optimistic locking of hot rows.
 */
export const defect: Defect = {
  counters: (parts) => ({
    ...createCounters(parts),
    async increment(budget, name, by) {
      const queries = parts.statements.writing(budget);
      await queries.rows('INSERT INTO counters (name, value) VALUES ($1, 0) ON CONFLICT DO NOTHING', [name]);
      for (let attempt = 0; attempt < 10; attempt += 1) {
        const [row] = await queries.rows<{ value: string }>('SELECT value FROM counters WHERE name = $1', [name]);
        const value = Number(row?.value) + by;
        const set = await queries.rows(
          'UPDATE counters SET value = $3 WHERE name = $1 AND value = $2::bigint RETURNING value',
          [name, row?.value, value],
        );
        if (set.length === 1) return { name, value };
      }
      throw new ServiceError('CONTENTION', 'Others changed the same data; nothing happened');
    },
  }),
};
