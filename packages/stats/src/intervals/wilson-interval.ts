import { checkProportion } from '../check-proportion.js';
import type { Interval } from './interval.js';
import { normalQuantile } from './normal-quantile.js';

/**
 * Two-sided Wilson score interval (Wilson 1927) for a failure ratio: for display and comparison, right on average even
 * for few runs. Throws `RangeError` for impossible counts or a confidence outside 0…1.
 */
export function wilsonInterval(failures: number, runs: number, confidence = 0.95): Interval {
  checkProportion(failures, runs, confidence);
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const ratio = failures / runs;
  const spread = (z * z) / runs;
  const centre = (ratio + spread / 2) / (1 + spread);
  const half = Math.sqrt(spread * ratio * (1 - ratio) + (spread * spread) / 4) / (1 + spread);
  return {
    lower: failures === 0 ? 0 : Math.max(0, centre - half),
    upper: failures === runs ? 1 : Math.min(1, centre + half),
  };
}
