import { createRandom, type Random } from '@chaos/stats';
import { expect, test } from 'vitest';
import { runData, testData } from '../fixture.test.fixture.js';
import type { RunData } from '../runs/run-data.js';
import { compareRuns } from './compare-runs.js';

// As on a shared machine: the run as a whole is slow or fast, and each test varies with a heavy tail.
function run(random: Random, { factor = 1, failing = 0.03, tests = 20 } = {}): RunData {
  const speed = Math.exp(random.normal(0, 0.08));
  return runData(
    Array.from({ length: tests }, (_, index) => {
      const durationMs =
        factor * speed * (index + 1) * 100 * Math.exp(random.normal(0, 0.1) + (random.next() < 0.05 ? 0.7 : 0));
      const cpus = 0.5 * Math.exp(random.normal(0, 0.1));
      return testData(`t${index}`, random.next() < failing ? 'failed' : 'passed', {
        durationMs,
        recoveries: [{ what: 'reads', recoveryMs: 50 * speed * Math.exp(random.normal(0, 0.3)), withinMs: 5000 }],
        samples: {
          count: 4,
          overloaded: false,
          scopes: {
            'target-0': {
              cpus: { mean: cpus, max: 1 },
              memoryBytes: { mean: 1e8, max: 1e8 * (1 + random.next() / 10) },
            },
          },
        },
      });
    }),
  );
}

const runs = (random: Random, count: number, options?: Parameters<typeof run>[1]): RunData[] =>
  Array.from({ length: count }, () => run(random, options));

test('two sets of the same version are called different in at most 18 of 200 trials', () => {
  for (const count of [5, 10, 14]) {
    const random = createRandom(`same-${count}`);
    let different = 0;
    for (let trial = 0; trial < 200; trial++)
      if (compareRuns(runs(random, count), runs(random, count)).different) different++;
    expect(different, `${count} runs a side`).toBeLessThanOrEqual(18);
  }
});

test('a planted slowdown of 20 % is found in at least 95 %', () => {
  const random = createRandom('slower');
  let found = 0;
  for (let trial = 0; trial < 100; trial++) {
    const { suite } = compareRuns(runs(random, 12), runs(random, 12, { factor: 1.2 }));
    if (suite.some(({ name, significant, change }) => name === 'duration' && significant && change > 0.05)) found++;
  }
  expect(found).toBeGreaterThanOrEqual(95);
});

test('a test that began to fail is named, alone', () => {
  const random = createRandom('broken');
  const after = runs(random, 12, { failing: 0 }).map((each) => ({
    ...each,
    tests: each.tests.map((data, index) => (index === 3 ? testData('t3', 'failed') : data)),
  }));
  const comparison = compareRuns(runs(random, 12, { failing: 0 }), after);
  expect(comparison.tests.map(({ testId, what, passed }) => [testId, what, passed])).toEqual([
    [
      't3',
      'pass rate',
      [
        [12, 12],
        [0, 12],
      ],
    ],
  ]);
  expect(comparison.changed).toEqual([expect.objectContaining({ testId: 't3', from: 'passed', to: 'failed' })]);
});

test('one run a side shows facts, and no significance', () => {
  const random = createRandom('one');
  const comparison = compareRuns(runs(random, 1), runs(random, 1, { factor: 3 }));
  expect(comparison.different).toBe(false);
  expect(comparison.warnings).toEqual(['1 run a side cannot show a difference of durations; 5 can']);
});
