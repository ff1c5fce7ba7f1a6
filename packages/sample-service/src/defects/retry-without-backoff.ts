import { createRetry, retryDefaults } from '../database/retry.js';
import type { Defect } from '../composition/defect.js';

/** Tries again at once: colliding requests meet each other again. */
export const defect: Defect = {
  retry: (options) => createRetry({ ...retryDefaults, ...options, firstPauseMs: 0, longestPauseMs: 0 }),
};
