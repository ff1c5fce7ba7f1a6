import type { ChaosExpect } from './chaos-expect.js';
import { createExpect } from './create-expect.js';

/**
 * Jest's `expect` with Playwright's `poll`, `soft`, `configure` and `toPass`, and matchers for resilience ({@link ChaosMatchers}).
 * Importing it loads nothing; Jest's part is loaded by the first use or {@link loadExpect}.
 *
 * @example
 * expect(during).toHaveErrorRatioBelow(0.01);
 * await expect(read).toRecoverWithin({ timeoutMs: 2000 });
 */
export const expect: ChaosExpect = createExpect({});
