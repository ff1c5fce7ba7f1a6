import { describe, expect, test } from 'vitest';
import { createRandom } from '../random.js';
import { benjaminiHochberg, holm } from './correct-p-values.js';
import { fisherExact } from './fisher-exact.js';
import { rankSumTest } from './rank-sum-test.js';

/** All choices of `size` of the first `count` numbers. */
function* choices(count: number, size: number, from = 0): Generator<number[]> {
  if (size === 0) return yield [];
  for (let first = from; first <= count - size; first++)
    for (const rest of choices(count, size - 1, first + 1)) yield [first, ...rest];
}

// The same definition by brute force: every way to deal the values to the two samples.
function bruteRankSum(left: readonly number[], right: readonly number[]): number {
  const values = [...left, ...right];
  const rank = (value: number): number =>
    values.filter((each) => each < value).length + (values.filter((each) => each === value).length + 1) / 2;
  const mean = (left.length * (values.length + 1)) / 2;
  const distanceOf = (chosen: readonly number[]): number =>
    Math.abs(chosen.reduce((sum, value) => sum + rank(value), 0) - mean);
  const observed = distanceOf(left);
  const all = [...choices(values.length, left.length)].map((chosen) => distanceOf(chosen.map((at) => values[at]!)));
  return all.filter((distance) => distance >= observed - 1e-9).length / all.length;
}

function bruteFisher([a, n]: readonly [number, number], [b, m]: readonly [number, number]): number {
  const successes = a + b;
  const counts = [...choices(n + m, n)].map((chosen) => chosen.filter((at) => at < successes).length);
  const frequency = (k: number): number => counts.filter((count) => count === k).length;
  return counts.filter((k) => frequency(k) <= frequency(a)).length / counts.length;
}

test('rankSumTest agrees with all permutations, ties included', () => {
  const random = createRandom('rank-sum');
  for (let round = 0; round < 200; round++) {
    const sample = (): number[] =>
      Array.from({ length: 1 + Math.floor(random.next() * 5) }, () => Math.floor(random.next() * 6));
    const [left, right] = [sample(), sample()];
    expect(rankSumTest(left, right), `${left} | ${right}`).toBeCloseTo(bruteRankSum(left, right), 10);
  }
});

test('the approximation continues where the exact test ends, and says 1 of equal values', () => {
  const values = Array.from({ length: 26 }, (_, index) => (index * 7) % 26);
  const exactly = rankSumTest(values.slice(0, 12), values.slice(12, 24));
  const nearly = rankSumTest(values.slice(0, 13), values.slice(13, 26));
  expect(Math.abs(exactly - nearly)).toBeLessThan(0.25);
  expect(
    rankSumTest(
      Array.from({ length: 20 }, () => 3),
      Array.from({ length: 20 }, () => 3),
    ),
  ).toBe(1);
  expect(
    rankSumTest(
      Array.from({ length: 15 }, (_, i) => i),
      Array.from({ length: 15 }, (_, i) => i + 100),
    ),
  ).toBeLessThan(1e-4);
});

test('fisherExact agrees with all ways to deal successes', () => {
  for (let n = 1; n <= 5; n++)
    for (let m = 1; m <= 5; m++)
      for (let a = 0; a <= n; a++)
        for (let b = 0; b <= m; b++)
          expect(fisherExact([a, n], [b, m]), `${a}/${n} ${b}/${m}`).toBeCloseTo(bruteFisher([a, n], [b, m]), 9);
});

describe('corrections', () => {
  test('agree with their definitions on an example', () => {
    const p = [0.01, 0.04, 0.03, 0.005];
    expect(holm(p).map((each) => Number(each.toFixed(4)))).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(benjaminiHochberg(p).map((each) => Number(each.toFixed(4)))).toEqual([0.02, 0.04, 0.04, 0.02]);
    expect(holm([])).toEqual([]);
  });

  test('Holm keeps the chance of any wrong call at alpha', () => {
    const random = createRandom('holm');
    let wrong = 0;
    const rounds = 4000;
    for (let round = 0; round < rounds; round++) {
      const p = Array.from({ length: 8 }, () => random.next());
      if (holm(p).some((each) => each <= 0.05)) wrong++;
    }
    expect(wrong / rounds).toBeLessThan(0.06);
    expect(wrong / rounds).toBeGreaterThan(0.03);
  });
});

test('impossible counts are refused with their values', () => {
  expect(() => fisherExact([3, 2], [0, 1])).toThrow('current counts are 3 of 2');
  expect(() => rankSumTest([], [1])).toThrow('current counts are 0 and 1');
  expect(() => rankSumTest([Number.NaN], [1])).toThrow('NaN');
});
