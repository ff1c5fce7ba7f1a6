import { checkProportion } from '../check-proportion.js';
import { betaCumulative } from '../intervals/beta-cumulative.js';
import { logGamma } from '../intervals/log-gamma.js';

/**
 * True if so many failures show that the failure ratio is below `limit`. May be asked after each run: where the ratio
 * is `limit` or more, it is ever true with a probability of at most 1 - `confidence`. Without a failure it takes 367
 * runs for 1 % at 95 %. Throws `RangeError` for impossible counts, or a limit or confidence outside 0…1.
 */
export function isBoundedBelow(failures: number, runs: number, limit: number, confidence: number = 0.95): boolean {
  checkProportion(failures, runs, confidence);
  if (!(limit > 0 && limit < 1))
    throw new RangeError(`Cannot bound a ratio below ${limit}: it must be between 0 and 1`);
  // A bet against the limit, half of it on "never fails", half spread evenly over all ratios below it (Ville 1939).
  const atLimit = failures * Math.log(limit) + (runs - failures) * Math.log1p(-limit);
  const never = failures === 0 ? 0.5 * Math.exp(-atLimit) : 0;
  const [a, b] = [failures + 1, runs - failures + 1];
  const share = betaCumulative(limit, a, b);
  const logSpread = logGamma(a) + logGamma(b) - logGamma(a + b) + Math.log(share) - Math.log(limit) - atLimit;
  const spread = share === 0 ? 0 : 0.5 * Math.exp(logSpread);
  return never + spread >= 1 / (1 - confidence);
}
