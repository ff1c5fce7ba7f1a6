import { logGamma } from '../intervals/log-gamma.js';

/**
 * Fisher's exact test, two-sided: how probable it is that two ratios differ as much by chance. `left` and `right` are
 * `[successes, trials]`. Throws `RangeError` for impossible counts.
 */
export function fisherExact(left: readonly [number, number], right: readonly [number, number]): number {
  for (const [successes, trials] of [left, right])
    if (!Number.isSafeInteger(successes) || !Number.isSafeInteger(trials) || successes < 0 || successes > trials)
      throw new RangeError(`Cannot compare ratios: current counts are ${successes} of ${trials}`);
  const [a, n] = left;
  const successes = a + right[0];
  const all = n + right[1];
  const logAll = logChoose(all, n);
  const probability = (k: number): number =>
    Math.exp(logChoose(successes, k) + logChoose(all - successes, n - k) - logAll);
  const observed = probability(a);
  let sum = 0;
  for (let k = Math.max(0, n - (all - successes)); k <= Math.min(n, successes); k++) {
    const each = probability(k);
    // Equal but for rounding counts as equal.
    if (each <= observed * (1 + 1e-9)) sum += each;
  }
  return Math.min(1, sum);
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
