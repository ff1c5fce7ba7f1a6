import { normalTail } from './normal-tail.js';

/** Above so many values together the normal approximation is as good and much faster. */
const MOST_EXACT = 24;

/**
 * Two-sided rank test (Mann and Whitney 1947) whether two samples come from the same distribution: exact for up to 24
 * values, ties included, with the normal approximation above. Throws `RangeError` where one has no values or a NaN.
 */
export function rankSumTest(left: readonly number[], right: readonly number[]): number {
  const [n, m] = [left.length, right.length];
  if (n === 0 || m === 0)
    throw new RangeError(`Cannot rank: current counts are ${n} and ${m}, both must be at least 1`);
  const values = [...left, ...right];
  if (values.some(Number.isNaN)) throw new RangeError('Cannot rank: one of the current values is NaN');
  const doubled = doubledRanks(values);
  const sum = doubled.slice(0, n).reduce((total, rank) => total + rank, 0);
  return n + m <= MOST_EXACT ? exact(doubled, n, sum) : approximate(doubled, n, m, sum);
}

/** Twice the rank of each value, ties sharing the mean of theirs: whole numbers. */
function doubledRanks(values: readonly number[]): readonly number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranks = Array.from({ length: values.length }, () => 0);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && order[to + 1]!.value === order[from]!.value) to++;
    for (let at = from; at <= to; at++) ranks[order[at]!.index] = from + to + 2;
    from = to + 1;
  }
  return ranks;
}

// Counts the choices of n ranks by their sum.
function exact(ranks: readonly number[], n: number, observed: number): number {
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const ways = Array.from({ length: n + 1 }, () => new Float64Array(total + 1));
  ways[0]![0] = 1;
  for (const rank of ranks)
    for (let size = n; size >= 1; size--)
      for (let sum = total; sum >= rank; sum--) ways[size]![sum]! += ways[size - 1]![sum - rank]!;
  const mean = (n * total) / ranks.length;
  const distance = Math.abs(observed - mean);
  let all = 0;
  let extreme = 0;
  for (const [sum, count] of ways[n]!.entries()) {
    all += count;
    if (Math.abs(sum - mean) >= distance - 1e-9) extreme += count;
  }
  return extreme / all;
}

function approximate(doubled: readonly number[], n: number, m: number, doubledSum: number): number {
  const all = n + m;
  const ties = new Map<number, number>();
  for (const rank of doubled) ties.set(rank, (ties.get(rank) ?? 0) + 1);
  const tied = [...ties.values()].reduce((sum, count) => sum + count ** 3 - count, 0);
  const variance = ((n * m) / 12) * (all + 1 - tied / (all * (all - 1)));
  if (variance <= 0) return 1;
  const distance = Math.max(0, Math.abs(doubledSum / 2 - (n * (all + 1)) / 2) - 0.5);
  return Math.min(1, 2 * normalTail(distance / Math.sqrt(variance)));
}
