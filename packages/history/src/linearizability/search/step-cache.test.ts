import { createRandom } from '@chaos/stats';
import { expect, it } from 'vitest';
import { createStepCache, UNTRIED } from './step-cache.js';

it.each([0, 1, 3, 300, 100_000])('with %i kinds keeps what was put, in rows and in its table', (kinds) => {
  const random = createRandom('step-cache', `${kinds}`);
  const cache = createStepCache(kinds);
  const known = new Map<string, number>();
  for (let round = 0; round < 20_000; round++) {
    const [state, kind] = [random.integer(0, random.pick([3, 400_000])), random.integer(0, kinds + 3)];
    const expected = known.get(`${state} ${kind}`) ?? UNTRIED;
    expect(cache.get(state, kind)).toBe(expected);
    if (expected !== UNTRIED) continue;
    cache.put(state, kind, round - 1);
    known.set(`${state} ${kind}`, round - 1);
  }
  for (const [key, after] of known) {
    const [state, kind] = key.split(' ').map(Number);
    expect(cache.get(state as number, kind as number)).toBe(after);
  }
});
