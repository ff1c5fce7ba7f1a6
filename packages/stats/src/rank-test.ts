import { normalTail } from './significance/normal-tail.js';

/**
 * One-sided rank test (Mann and Whitney 1947): how probable it is that `larger` stands so far above `smaller` by
 * chance, where both are drawn from the same distribution. It sees the order of the values only, so neither heavy tails
 * nor outliers raise an alarm; ties speak for chance. Never less than the exact value. Throws `RangeError` where one
 * has no values.
 */
export function rankTest(larger: readonly number[], smaller: readonly number[]): number {
  const [n, m] = [larger.length, smaller.length];
  if (n === 0 || m === 0)
    throw new RangeError(`Cannot rank: current counts are ${n} and ${m}, both must be at least 1`);
  const above = countAbove(larger, smaller);
  if (above === n * m) return 1 / combinations(n + m, n);
  const deviation = Math.sqrt((n * m * (n + m + 1)) / 12);
  return normalTail((above - 0.5 - (n * m) / 2) / deviation);
}

function countAbove(larger: readonly number[], smaller: readonly number[]): number {
  const sorted = [...smaller].sort((a, b) => a - b);
  let below = 0;
  let count = 0;
  for (const value of [...larger].sort((a, b) => a - b)) {
    while (below < sorted.length && (sorted[below] as number) < value) below++;
    count += below;
  }
  return count;
}

function combinations(all: number, chosen: number): number {
  let product = 1;
  for (let index = 1; index <= chosen; index++) product *= (all - chosen + index) / index;
  return product;
}
