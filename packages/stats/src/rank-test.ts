/**
 * One-sided rank test (Mann and Whitney 1947): how probable it is that `larger` stands so far above `smaller` by
 * chance, where both are drawn from the same distribution. It sees the order of the values only, so neither heavy tails
 * nor outliers raise an alarm; ties speak for chance. Never less than the exact value. Throws `RangeError` where one has
 * no values.
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

// Formula 26.2.17 of Abramowitz and Stegun; its error is below 7.5e-8.
function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const sum = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}
