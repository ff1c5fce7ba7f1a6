import type { Defect } from '../composition/defect.js';

/**
 * "It is only arithmetic": verification has no time-out, so requests hang while the thread pool is busy. Kind of the
 * source: bug reports of services whose logins stopped while files were compressed or names looked up.
 */
export const defect: Defect = { verificationDeadline: (verifier) => verifier };
