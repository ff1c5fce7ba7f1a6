import { createRetry, retryDefaults } from '../database/retry.js';
import type { Defect } from '../composition/defect.js';

/** Retries deadlocks but forgets 40001. */
export const defect: Defect = {
  retry: (options) => createRetry({ ...retryDefaults, ...options, reasons: ['deadlock', 'lost', 'unknownCommit'] }),
};
