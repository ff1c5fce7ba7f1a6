import { createTokenVerifier } from '../auth/token-verifier.js';
import type { Defect } from '../composition/defect.js';

/** Passes milliseconds where seconds are expected: the tolerance is a thousand times too long. */
export const defect: Defect = {
  tokenVerifier: (options) => createTokenVerifier({ ...options, clockToleranceMs: options.clockToleranceMs * 1000 }),
};
