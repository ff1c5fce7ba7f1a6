import { createRetry, retryDefaults } from '../database/retry.js';
import type { Defect } from '../composition/defect.js';

/**
 * Doubles its pauses, and waits each of them to its end: requests that were hit by the same outage come back together,
 * every time. Kind of the source: post-mortems of herds that put a database down again which had just come back.
 */
export const defect: Defect = {
  retry: (options) => createRetry({ ...retryDefaults, ...options, jitter: (pauseMs) => pauseMs }),
};
