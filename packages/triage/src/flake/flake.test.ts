import { createRandom } from '@chaos/stats';
import { expect, test } from 'vitest';
import { findPolluter } from './find-polluter.js';
import { flakeRate, withRuns } from './flake-tally.js';
import { attempt } from '../fixture.test.fixture.js';

test('planted pairs among 40 tests are named, within 2 + 2 log2(40) runs', async () => {
  const random = createRandom('pairs');
  const ids = Array.from({ length: 40 }, (_, index) => `t${index}`);
  for (let round = 0; round < 100; round++) {
    const victim = random.integer(1, 39);
    const planted = ids[random.integer(0, victim - 1)]!;
    const { polluter, runs } = await findPolluter(ids.slice(0, victim), async (before) => before.includes(planted));
    expect(polluter).toBe(planted);
    expect(runs).toBeLessThanOrEqual(2 + 2 * Math.ceil(Math.log2(40)));
  }
});

test('no test is blamed where it takes two of them, or none', async () => {
  const ids = ['a', 'b', 'c', 'd'];
  expect(await findPolluter(ids, async (before) => before.includes('a') && before.includes('d'))).toMatchObject({
    polluter: undefined,
  });
  expect(await findPolluter(ids, async () => false)).toEqual({ polluter: undefined, runs: 1 });
  expect(await findPolluter([], async () => true)).toEqual({ polluter: undefined, runs: 0 });
});

test('verdicts', () => {
  const goal = { below: 0.05, confidence: 0.95 };
  expect(flakeRate({ failed: 0, runs: 10 }, goal).verdict).toBe('undecided');
  expect(flakeRate({ failed: 0, runs: 100 }, goal).verdict).toBe('stable');
  expect(flakeRate({ failed: 0, runs: 59 }, goal, true).verdict).toBe('stable');
  expect(flakeRate({ failed: 4, runs: 10 }, goal).verdict).toBe('flaky');
  expect(flakeRate({ failed: 5, runs: 5 }, goal).verdict).toBe('failing');
  const runs = [
    attempt(),
    attempt({ status: 'failed' }),
    attempt({ status: 'skipped' }),
    attempt({ status: 'interrupted' }),
  ];
  expect(withRuns({ failed: 1, runs: 1 }, runs)).toEqual({ failed: 2, runs: 3 });
});
