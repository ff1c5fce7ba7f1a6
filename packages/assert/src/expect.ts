import type { ChaosExpect, ExtendedExpect, MatcherTable } from './chaos-expect.js';
import { createExpect } from './create-expect.js';

/**
 * Jest's `expect` with Playwright's `poll`, `soft`, `configure` and `toPass`, and matchers for resilience ({@link
 * ChaosMatchers}). Importing it loads nothing; Jest's part is loaded by the first use or {@link loadExpect}.
 *
 * @example
 * expect(during).toHaveErrorRatioBelow(0.01);
 * await expect(read).toRecoverWithin({ timeoutMs: 2000 });
 */
export const expect: ChaosExpect = createExpect({});

/** {@link expect} that knows these matchers, too. Unlike `expect.extend` it loads nothing before it is used. */
export function expectWith<M extends MatcherTable>(matchers: M): ExtendedExpect<M> {
  return createExpect({}, matchers) as ExtendedExpect<M>;
}
