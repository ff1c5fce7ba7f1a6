import { createTokenVerifier } from '../auth/token-verifier.js';
import type { Defect } from './defect.js';

/** Milliseconds are passed on where seconds are meant: the tolerance is a thousand times too long. */
export const defect: Defect = {
  tokenVerifier: (options) => createTokenVerifier({ ...options, clockToleranceMs: options.clockToleranceMs * 1000 }),
};
