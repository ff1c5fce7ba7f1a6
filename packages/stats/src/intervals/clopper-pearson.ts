import { betaQuantile } from './beta-quantile.js';
import { checkProportion } from '../check-proportion.js';
import type { Interval } from './interval.js';

/**
 * Two-sided exact interval (Clopper and Pearson 1934) for a failure ratio: never too narrow, so it is what a claim such
 * as "fails in less than 1 %" rests on. The one-sided 95 % bound is the `upper` of `confidence` 0.9. Throws
 * `RangeError` for impossible counts or a confidence outside 0…1.
 */
export function clopperPearson(failures: number, runs: number, confidence = 0.95): Interval {
  checkProportion(failures, runs, confidence);
  const tail = (1 - confidence) / 2;
  return {
    lower: failures === 0 ? 0 : betaQuantile(tail, failures, runs - failures + 1),
    upper: failures === runs ? 1 : betaQuantile(1 - tail, failures + 1, runs - failures),
  };
}
