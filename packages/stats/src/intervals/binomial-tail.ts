import { betaCumulative } from './beta-cumulative.js';

/**
 * The probability that at least `successes` of `trials` independent trials succeed, each with probability `ratio`.
 * Exact. Throws `RangeError` for a ratio outside 0…1 or a negative count.
 */
export function binomialTail(successes: number, trials: number, ratio: number): number {
  if (!(ratio >= 0 && ratio <= 1))
    throw new RangeError(`Cannot sum a binomial tail: current ratio is ${ratio}, it must be from 0 to 1`);
  if (!(successes >= 0 && trials >= 0))
    throw new RangeError(`Cannot sum a binomial tail: current counts are ${successes} of ${trials}`);
  if (successes === 0) return 1;
  return successes > trials ? 0 : betaCumulative(ratio, successes, trials - successes + 1);
}
