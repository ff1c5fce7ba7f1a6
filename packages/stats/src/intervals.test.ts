import { describe, expect, it } from 'vitest';
import { clopperPearson } from './intervals/clopper-pearson.js';
import { minimumSamples } from './minimum-samples.js';
import { wilsonInterval } from './intervals/wilson-interval.js';

const percent = (value: number): number => Number((value * 100).toFixed(1));

describe('wilsonInterval()', () => {
  it.each([
    [0, 10, 0, 27.8],
    [0, 20, 0, 16.1],
    [1, 10, 1.8, 40.4],
    [0, 59, 0, 6.1],
    [0, 299, 0, 1.3],
  ])('%i of %i is %f to %f %%', (failures, runs, lower, upper) => {
    const interval = wilsonInterval(failures, runs);
    expect([percent(interval.lower), percent(interval.upper)]).toEqual([lower, upper]);
  });

  it('is symmetric in failures and passes', () => {
    expect(wilsonInterval(10, 10).upper).toBe(1);
    expect(wilsonInterval(7, 10).lower).toBeCloseTo(1 - wilsonInterval(3, 10).upper, 14);
  });
});

describe('clopperPearson()', () => {
  it.each([
    [0, 10, 25.9],
    [0, 20, 13.9],
    [1, 10, 39.4],
    [0, 59, 5.0],
    [0, 299, 1.0],
  ])('one-sided 95 %% bound of %i in %i is %f %%', (failures, runs, upper) => {
    expect(percent(clopperPearson(failures, runs, 0.9).upper)).toBe(upper);
  });

  // Reference: scipy.stats.beta.ppf 1.17.1.
  it.each([
    [3, 20, 0.95, 0.032070937185463715, 0.37892682654531396],
    [1, 10, 0.9, 0.0051161968918237, 0.39416330243650466],
    [500, 1_000_000, 0.95, 0.00045713814855847455, 0.0005457967656540888],
    [0, 1_000_000, 0.95, 0, 3.688872650206488e-6],
    [7, 7, 0.99, 0.46911727854354157, 1],
    [50, 100, 0.999999, 0.26563035341038527, 0.7343696465887105],
    [1, 3, 0.5, 0.09143970358393017, 0.6736481776669303],
    [123_456, 10_000_000, 0.95, 0.012277251721786982, 0.01241423083597978],
  ])('%i of %i at %f agrees with SciPy', (failures, runs, confidence, lower, upper) => {
    const interval = clopperPearson(failures, runs, confidence);
    expect(Math.abs(interval.lower - lower)).toBeLessThanOrEqual(1e-9 * lower);
    expect(Math.abs(interval.upper - upper)).toBeLessThanOrEqual(1e-9 * upper);
  });
});

it('minimumSamples() is the exact rule of three', () => {
  expect([0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.001].map((ratio) => minimumSamples(ratio))).toEqual([
    5, 14, 29, 59, 149, 299, 598, 2995,
  ]);
  expect(minimumSamples(0.5, 0.75)).toBe(2);
  expect(minimumSamples(0.999)).toBe(1);
});

it('refuses impossible counts with the value', () => {
  expect(() => wilsonInterval(1, 0)).toThrow('current runs is 0');
  expect(() => clopperPearson(3, 2)).toThrow('current failures is 3');
  expect(() => clopperPearson(-1, 2)).toThrow(RangeError);
  expect(() => wilsonInterval(1, 2, 1)).toThrow('confidence of 1');
  expect(() => minimumSamples(0)).toThrow('ratio below 0');
  expect(() => minimumSamples(Number.NaN)).toThrow(RangeError);
});
