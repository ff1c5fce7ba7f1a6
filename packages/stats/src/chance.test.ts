import { expect, test } from 'vitest';
import { binomialTail } from './intervals/binomial-tail.js';
import { createRandom } from './random.js';
import { rankTest } from './rank-test.js';

test('binomialTail() is the sum of its terms', () => {
  expect(binomialTail(3, 5, 0.5)).toBeCloseTo(0.5, 12);
  expect(binomialTail(15, 16, 0.5)).toBeCloseTo(17 / 65_536, 12);
  expect(binomialTail(1, 600, 0.02)).toBeCloseTo(1 - 0.98 ** 600, 12);
  expect([binomialTail(0, 10, 0), binomialTail(1, 10, 0), binomialTail(10, 10, 1), binomialTail(11, 10, 1)]).toEqual([
    1, 0, 1, 0,
  ]);
  expect(() => binomialTail(1, 2, 1.5)).toThrow('current ratio is 1.5');
  expect(() => binomialTail(-1, 2, 0.5)).toThrow('-1 of 2');
});

test('rankTest() is exact for separated values, and takes ties for chance', () => {
  expect(rankTest([4, 5, 6], [1, 2, 3])).toBeCloseTo(1 / 20, 12);
  expect(rankTest([1, 2, 3], [4, 5, 6])).toBeGreaterThan(0.9);
  expect(rankTest([1, 1, 1], [1, 1, 1])).toBeGreaterThan(0.9);
  expect(() => rankTest([], [1])).toThrow('0 and 1');
});

test.each([
  ['normal', (random: ReturnType<typeof createRandom>) => random.normal(0, 1)],
  ['with heavy tails', (random: ReturnType<typeof createRandom>) => 1 / (1 - random.next()) ** 2],
] as const)('rankTest() keeps its word on values that are %s', (name, draw) => {
  const random = createRandom('rank-test', name);
  const sample = (): readonly number[] => Array.from({ length: 16 }, () => draw(random));
  let alarms = 0;
  for (let trial = 0; trial < 4000; trial++) if (rankTest(sample(), sample()) < 0.01) alarms++;
  // 40 are expected; 70 and more come about once in a hundred thousand times.
  expect(alarms).toBeLessThan(70);
  expect(alarms).toBeGreaterThan(10);
});
