import { createRetry, retryDefaults } from '../database/retry.js';
import type { Defect } from '../composition/defect.js';

/** Retries 40001 as every guide says, and forgets that PostgreSQL also ends transactions with 40P01. */
export const defect: Defect = {
  retry: (options) =>
    createRetry({ ...retryDefaults, ...options, reasons: ['serialization', 'lost', 'unknownCommit'] }),
};
