import { expect, test } from 'vitest';
import { clopperPearson } from '../intervals/clopper-pearson.js';
import { createRandom, type Random } from '../random.js';
import { confidenceSequence } from './confidence-sequence.js';
import { isBoundedBelow } from './bounded-below.js';

const RATES = [0.005, 0.02, 0.1, 0.5];

/** Probability of each count of failures, by the recursion of the binomial distribution. */
function binomial(runs: number, ratio: number): Float64Array {
  const mode = Math.floor((runs + 1) * ratio);
  const weights = new Float64Array(runs + 1);
  weights[mode] = 1;
  for (let k = mode; k < runs; k++) weights[k + 1] = (weights[k]! * ((runs - k) * ratio)) / ((k + 1) * (1 - ratio));
  for (let k = mode; k > 0; k--) weights[k - 1] = (weights[k]! * (k * (1 - ratio))) / ((runs - k + 1) * ratio);
  const sum = weights.reduce((total, each) => total + each, 0);
  return weights.map((each) => each / sum);
}

// The estimator of `chaos flake` for a number of runs that was fixed before.
test('clopperPearson covers the true ratio in at least 94 %, by enumeration', () => {
  const counts = [
    ...Array.from({ length: 81 }, (_, index) => 20 + index),
    150,
    200,
    299,
    400,
    598,
    800,
    1000,
    1500,
    2000,
  ];
  for (const ratio of RATES)
    for (const runs of counts) {
      let covered = 0;
      for (const [failures, weight] of binomial(runs, ratio).entries()) {
        if (weight < 1e-9) continue;
        const { lower, upper } = clopperPearson(failures, runs);
        if (lower <= ratio && ratio <= upper) covered += weight;
      }
      expect(covered, `${ratio} in ${runs} runs`).toBeGreaterThanOrEqual(0.94);
    }
});

test('confidenceSequence covers at every look, for all looks together', () => {
  for (const ratio of RATES) {
    const random = createRandom('looks', String(ratio));
    let missed = 0;
    const trials = 400;
    for (let trial = 0; trial < trials; trial++) {
      let failures = 0;
      for (let runs = 1; runs <= 400; runs++) {
        if (random.next() < ratio) failures++;
        const { lower, upper } = confidenceSequence(failures, runs);
        if (ratio < lower || ratio > upper) {
          missed++;
          break;
        }
      }
    }
    expect(missed / trials, String(ratio)).toBeLessThan(0.06);
  }
});

test('the interval at the stop of the sequential rule covers in at least 94 % of 20,000 trials', () => {
  // Bounds are functions of the counts alone: remember them.
  const known = new Map<number, boolean>();
  const bounded = (failures: number, runs: number): boolean => {
    const key = failures * 10_000 + runs;
    const value = known.get(key) ?? isBoundedBelow(failures, runs, 0.05);
    known.set(key, value);
    return value;
  };
  const coversAtStop = (random: Random, ratio: number): boolean => {
    let failures = 0;
    let runs = 0;
    do {
      runs++;
      if (random.next() < ratio) failures++;
    } while (runs < 150 && !bounded(failures, runs) && failures < 8);
    const { lower, upper } = confidenceSequence(failures, runs);
    return lower <= ratio && ratio <= upper;
  };
  for (const ratio of RATES) {
    let covered = 0;
    for (const seed of ['a', 'b', 'c', 'd', 'e']) {
      const random = createRandom('rule', seed, String(ratio));
      for (let trial = 0; trial < 1000; trial++) if (coversAtStop(random, ratio)) covered++;
    }
    expect(covered / 5000, String(ratio)).toBeGreaterThanOrEqual(0.94);
  }
});

test('isBoundedBelow is wrong in at most 5 %, and needs 367 clean runs for 1 %', () => {
  const random = createRandom('wrong');
  let wrong = 0;
  const trials = 2000;
  for (let trial = 0; trial < trials; trial++) {
    let failures = 0;
    for (let runs = 1; runs <= 300; runs++) {
      if (random.next() < 0.05) failures++;
      if (isBoundedBelow(failures, runs, 0.05)) {
        wrong++;
        break;
      }
    }
  }
  expect(wrong / trials).toBeLessThan(0.05);
  const needed = Array.from({ length: 500 }, (_, index) => index + 1).find((runs) => isBoundedBelow(0, runs, 0.01));
  expect(needed).toBeGreaterThan(299);
  expect(needed).toBeLessThan(367);
  expect(() => isBoundedBelow(0, 1, 1)).toThrow('it must be between 0 and 1');
});
