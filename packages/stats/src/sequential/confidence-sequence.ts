import { checkProportion } from '../check-proportion.js';
import type { Interval } from '../intervals/interval.js';
import { logGamma } from '../intervals/log-gamma.js';

/**
 * Interval for a failure ratio that holds at every number of runs at once (Robbins 1970, with Jeffreys' prior as
 * mixture), so that one may look after each run and stop when one likes. Wider than `clopperPearson`, which holds only
 * for a number of runs that was fixed before. Throws `RangeError` for impossible counts or a confidence outside 0…1.
 */
export function confidenceSequence(failures: number, runs: number, confidence: number = 0.95): Interval {
  checkProportion(failures, runs, confidence);
  const limit = -Math.log1p(-confidence);
  const mixture = logBeta(failures + 0.5, runs - failures + 0.5) - logBeta(0.5, 0.5);
  const evidence = (ratio: number): number =>
    mixture - times(failures, Math.log(ratio)) - times(runs - failures, Math.log1p(-ratio));
  const ratio = failures / runs;
  return {
    lower: failures === 0 ? 0 : boundary((x) => evidence(x) >= limit, 0, ratio),
    upper: failures === runs ? 1 : boundary((x) => evidence(x) < limit, ratio, 1),
  };
}

/** The place where `holds`, true on the left, becomes false. */
function boundary(holds: (x: number) => boolean, from: number, to: number): number {
  let [low, high] = [from, to];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high || high - low < 1e-14) return middle;
    if (holds(middle)) low = middle;
    else high = middle;
  }
}

// 0 × -Infinity is 0 here.
function times(count: number, log: number): number {
  return count === 0 ? 0 : count * log;
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}
