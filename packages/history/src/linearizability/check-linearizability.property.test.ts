import { createRandom, type Random } from '@chaos/stats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FUZZ_TIMEOUT_MS, forSeeds, fuzzCount, fuzzRuns } from '../fuzz.test.helper.js';
import type { Operation } from '../operation.js';
import { record } from '../record.test.helper.js';
import { bruteForce } from './brute-force.test.helper.js';
import { checkLinearizability } from './check-linearizability.js';
import { judgeZones } from './judge-zones.js';
import { namedModel, type ModelName } from './models/named-model.js';
import {
  casRegister,
  counter,
  map,
  mapModel,
  multiRegister,
  mutex,
  ownedMutex,
  queue,
  set,
  stack,
  stackModel,
  uniqueRegister,
  type SimulatedObject,
} from './objects.test.helper.js';
import { createProblem } from './search/problem.js';
import { createSearch } from './search/search.js';
import type { SequentialModel } from './models/sequential-model.js';
import { simulate } from './simulate.test.helper.js';
import { createClusters } from './zones.js';

interface Tried {
  readonly name: string;
  readonly model: ModelName | SequentialModel;
  readonly create: () => SimulatedObject;
}

const named = (name: ModelName, create: () => SimulatedObject): Tried => ({ name, model: name, create });
const objects: readonly Tried[] = [
  named('register', uniqueRegister),
  named('cas-register', () => casRegister(3)),
  named('multi-register', multiRegister),
  named('mutex', mutex),
  named('owned-mutex', ownedMutex),
  named('queue', queue),
  named('set', set),
  named('counter', counter),
  { name: "a stack of one's own", model: stackModel as SequentialModel, create: stack },
  { name: "a map of one's own", model: mapModel as SequentialModel, create: map },
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

describe('checkLinearizability() against brute force', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it.each(objects)('$name: the same verdict on small histories', ({ name, model, create }) => {
    const verdicts = { true: 0, false: 0 };
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = createRandom(seed, name);
        const { operations } = simulate(random, {
          ...create(),
          clients: 4,
          operations: 7,
          infoRatio: 0.2,
          failRatio: 0.1,
        });
        const history = {
          operations: random.next() < 0.8 ? disturb(random, disturb(random, operations)) : operations,
          faults: [],
        };
        const expected = bruteForce(typeof model === 'string' ? namedModel(model) : model, history.operations);
        const { valid, reason } = checkLinearizability(history, { model });
        if (!(valid === 'unknown' && expected && reason?.startsWith('no completed operation') === true))
          expect(valid).toBe(expected);
        verdicts[`${expected}`]++;
      }),
      fuzzRuns(200),
    );
    // The comparison says something only where both verdicts are met.
    expect(Math.min(verdicts.true, verdicts.false)).toBeGreaterThan(fuzzCount(200) / 60);
  });

  it('zones, search and brute force agree on registers with unique writes', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = createRandom(seed, 'zones');
        const { operations } = simulate(random, {
          ...uniqueRegister(),
          clients: 4,
          operations: 8,
          infoRatio: 0.2,
          failRatio: 0.1,
        });
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
      fuzzRuns(400),
    );
  });

  it.each(objects)('$name: no false alarm on larger valid histories', ({ name, model, create }) => {
    forSeeds(`valid ${name}`, 50, (random) => {
      const history = simulate(random, {
        ...create(),
        clients: random.integer(2, 8),
        operations: 40,
        infoRatio: 0.05,
        failRatio: 0.05,
      });
      const verdict = checkLinearizability(history, { model });
      // If every operation was refused, nothing could be wrong.
      if (verdict.reason?.startsWith('no completed operation') === true) return;
      expect([verdict.valid, verdict.anomalies]).toEqual([true, []]);
    });
  });
});

describe('checkLinearizability() of cas-registers with crashed clients', () => {
  // 170 operations, 10 clients: the shape of the etcd histories that Knossos could not finish.
  const histories = Array.from({ length: 200 }, (_, run) =>
    simulate(createRandom('crashed', String(run)), { ...casRegister(5), clients: 10, operations: 170, infoRatio: 0.1 }),
  );

  it('accepts each of 200', () => {
    for (const history of histories) expect(checkLinearizability(history, { model: 'cas-register' }).valid).toBe(true);
  });

  it('finds and names a stale read in each of 50', { timeout: 60_000 }, () => {
    histories.slice(0, 50).forEach(({ operations }, run) => {
      // Writes of 7 and then of 8, and a read of 7 after that: nobody else writes 7.
      const from = createRandom('wrong', String(run)).integer(100, 250) + 0.1;
      const stale = record([
        [900, 'write', 7, from, from + 0.1],
        [900, 'write', 8, from + 0.2, from + 0.3],
        [901, 'read', 7, from + 0.4, from + 0.5],
      ]).operations;
      const { valid, anomalies } = checkLinearizability(
        { operations: [...operations, ...stale].sort((a, b) => a.invoked - b.invoked), faults: [] },
        { model: 'cas-register' },
      );
      expect([valid, anomalies[0]?.type]).toEqual([false, 'lost-write']);
    });
  });
});

describe('checkLinearizability() of registers and queues, broken in a known way', () => {
  it('names a read of what had been replaced', () => {
    let broken = 0;
    fc.assert(
      fc.property(seeds, (seed) => {
        const { operations } = simulate(createRandom(seed, 'stale'), {
          ...uniqueRegister(),
          clients: 5,
          operations: 40,
          infoRatio: 0.05,
        });
        const writes = operations.filter(({ f, type }) => f === 'write' && type === 'ok');
        const read = operations.findLast(({ f, type }) => f === 'read' && type === 'ok');
        const newer = writes.findLast(({ completed }) => completed < (read?.invoked ?? 0));
        const older = writes.find(({ completed }) => completed < (newer?.invoked ?? 0));
        if (read === undefined || older === undefined) return;
        broken++;
        const { valid, anomalies } = checkLinearizability(
          { operations: operations.map((one) => (one === read ? { ...one, value: older.value } : one)), faults: [] },
          { model: 'register' },
        );
        expect(valid).toBe(false);
        expect(anomalies[0]?.type).toMatch(/^(stale-read|lost-write)$/);
      }),
    );
    expect(broken).toBeGreaterThan(50);
  });

  it('names an element that left twice, and one that left out of order', () => {
    const base = Array.from({ length: 6 }, (_, index) => [0, 'enqueue', index, index * 10, index * 10 + 5] as const);
    const take = (...values: (number | null)[]): readonly string[] =>
      checkLinearizability(
        record([
          ...base,
          ...values.map((value, index) => [1, 'dequeue', value, 100 + index * 10, 105 + index * 10] as const),
        ]),
        { model: 'queue' },
      ).anomalies.map(({ type }) => type);
    expect(take(0, 1, 2, 3, 4, 5, null)).toEqual([]);
    expect(take(0, 0)).toEqual(['duplicate-dequeue']);
    expect(take(1, 0)).toEqual(['overtaken-element']);
    expect(take(1)).toEqual(['lost-element']);
    expect(take(0, null)).toEqual(['false-empty']);
    expect(take(9)).toEqual(['garbage-read']);
  });
});
