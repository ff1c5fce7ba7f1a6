import { randomUUID } from 'node:crypto';
import { idempotency } from '../database/idempotency.js';
import type { Defect } from './defect.js';

/** Keys are made unique "so that clients cannot collide": the same request never meets itself. */
export const defect: Defect = {
  idempotency: {
    claim: (queries, operation) =>
      idempotency.claim(queries, { ...operation, key: `${operation.key}:${randomUUID()}` }),
    async complete() {},
  },
};
