import { createRetry, retryDefaults } from '../database/retry.js';
import type { Defect } from './defect.js';

/** Deadlocks are thought of, 40001 is not. */
export const defect: Defect = {
  retry: (options) => createRetry({ ...retryDefaults, ...options, reasons: ['deadlock', 'lost', 'unknownCommit'] }),
};
