import { createRandom, type Random } from '@chaos/stats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Operation } from '../operation.js';
import { bruteForce } from './brute-force.test.helper.js';
import { checkLinearizability } from './check-linearizability.js';
import { judgeZones } from './judge-zones.js';
import { namedModel, type ModelName } from './named-model.js';
import { casRegister, counter, multiRegister, mutex, queue, set, uniqueRegister, type SimulatedObject } from './objects.test.helper.js';
import { createProblem } from './problem.js';
import { createSearch } from './search.js';
import { simulate } from './simulate.test.helper.js';
import { createClusters } from './zones.js';

const objects: readonly (readonly [ModelName, () => SimulatedObject])[] = [
  ['register', uniqueRegister],
  ['cas-register', () => casRegister(3)],
  ['multi-register', multiRegister],
  ['mutex', mutex],
  ['queue', queue],
  ['set', set],
  ['counter', counter],
];
const seeds = fc.string({ minLength: 1, maxLength: 8 });

// Swaps the answers of two operations of one kind, or shifts one in time: sometimes still valid, mostly not.
function disturb(random: Random, operations: readonly Operation[]): Operation[] {
  const changed = operations.map((one) => ({ ...one }));
  const one = random.pick(changed);
  const other = random.pick(changed);
  if (one.f === 'acquire' || one.f === 'release') [one.f, other.f] = [other.f, one.f];
  else if (one.f === other.f) [one.value, other.value] = [other.value, one.value];
  else [one.type, one.completed, one.completedNs] = ['info', Infinity, Infinity];
  return changed;
}

describe('checkLinearizability() against brute force', () => {
  it.each(objects)('%s: the same verdict on small histories', (name, create) => {
    const verdicts = { true: 0, false: 0 };
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = createRandom(seed, name);
        const { operations } = simulate(random, { ...create(), clients: 4, operations: 7, infoRatio: 0.2, failRatio: 0.1 });
        const history = { operations: random.next() < 0.8 ? disturb(random, disturb(random, operations)) : operations, faults: [] };
        const expected = bruteForce(namedModel(name), history.operations);
        const { valid, reason } = checkLinearizability(history, { model: name });
        if (!(valid === 'unknown' && expected && reason?.startsWith('no completed operation') === true)) expect(valid).toBe(expected);
        verdicts[`${expected}`]++;
      }),
      { numRuns: 1500 },
    );
    // The comparison says something only where both verdicts are met.
    expect(Math.min(verdicts.true, verdicts.false)).toBeGreaterThan(50);
  });

  it('zones, search and brute force agree on registers with unique writes', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = createRandom(seed, 'zones');
        const { operations } = simulate(random, { ...uniqueRegister(), clients: 4, operations: 8, infoRatio: 0.2, failRatio: 0.1 });
        // Only the reads are disturbed, so that the writes stay unique.
        const reads = operations.filter(({ f, type }) => f === 'read' && type === 'ok');
        const other = new Map(random.next() < 0.8 ? reads.map((read) => [read, random.pick(reads).value]) : []);
        const changed = operations.map((one) => (other.has(one) ? { ...one, value: other.get(one) } : one));
        const clusters = createClusters(null);
        for (const one of changed) clusters.add(one, one.value);
        const byZones = judgeZones(clusters) === undefined;
        const model = namedModel('register');
        expect(byZones).toBe(bruteForce(model, changed));
        expect(createSearch(createProblem(model, changed)).run(1e6)).toBe(byZones);
      }),
      { numRuns: 5000 },
    );
  });

  it.each(objects)('%s: no false alarm on larger valid histories', (name, create) => {
    for (let run = 0; run < 300; run++) {
      const random = createRandom('valid', name, String(run));
      const history = simulate(random, { ...create(), clients: random.integer(2, 8), operations: 40, infoRatio: 0.05, failRatio: 0.05 });
      const verdict = checkLinearizability(history, { model: name });
      if (verdict.valid !== true) expect([verdict, run]).toEqual(['valid', run]);
    }
  });
});
