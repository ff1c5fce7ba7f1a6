import { randomUUID } from 'node:crypto';
import { idempotency } from '../database/idempotency.js';
import type { Defect } from '../composition/defect.js';

/** Makes keys unique "so that clients cannot collide": a repeated request is never recognized. */
export const defect: Defect = {
  idempotency: {
    claim: (queries, operation) =>
      idempotency.claim(queries, { ...operation, key: `${operation.key}:${randomUUID()}` }),
    async complete() {},
  },
};
