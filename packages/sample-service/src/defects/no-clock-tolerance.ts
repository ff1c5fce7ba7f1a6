import { createTokenVerifier } from '../auth/token-verifier.js';
import type { Defect } from '../composition/defect.js';

/**
 * Compares times to the second, as if all machines had one clock: whoever signs in is refused by instances that are a
 * little behind. Kind of the source: bug reports of JWT services, "token used before issued" in some percent of the
 * requests after a clock drifted.
 */
export const defect: Defect = {
  tokenVerifier: (options) => createTokenVerifier({ ...options, clockToleranceMs: 0 }),
};
